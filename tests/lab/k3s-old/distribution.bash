# What K3s did before 1.22.5: a certificate that is there keeps its names, whatever the configuration says. Sourcing it changes nothing.
# shellcheck shell=bash disable=SC2034  # the names are for the scripts that source this
# https://github.com/k3s-io/k3s/issues/3369
. "$LAB/k3s/distribution.bash"
PROGRAM=k3s-old
WORKERS=()
