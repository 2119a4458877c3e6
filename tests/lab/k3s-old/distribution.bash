# K3s over the dynamiclistener that it had before 1.22.5, where a certificate that is there keeps its names. Sourcing it changes nothing.
# shellcheck shell=bash disable=SC2034  # the names are for the scripts that source this
# https://github.com/k3s-io/k3s/issues/3369
. "$LAB/k3s/distribution.bash"
PROGRAM=k3s-old
WORKERS=()
