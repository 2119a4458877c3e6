# What the lab's scripts must know of RKE2: K3s with another name, a port of its own for joining, and an API server and an etcd that are pods. Sourcing it changes nothing.
# shellcheck shell=bash disable=SC2034  # the names are for the scripts that source this
# https://docs.rke2.io/install/configuration
. "$LAB/k3s/distribution.bash"
WORKERS=()
FLAVOUR=rke2
UNIT=rke2-server
UNITS=/usr/local/lib/systemd/system
API_SERVER=$UNIT.service
DATA=/var/lib/rancher/rke2
FIRST='# The first server.'
PROGRAM=rke2
JOIN_PORT=9345
AUTHORITY=/CN=rke2-server-ca@1763700000

mounts() { # MACHINE
  local programs
  programs=$(programs)
  case $1 in
    n*)
      echo "--bind-ro=$programs/$PROGRAM:/usr/local/bin/rke2"
      echo "--bind-ro=$programs/kube-apiserver:$DATA/data/current/bin/kube-apiserver"
      echo "--bind-ro=$programs/etcd:$DATA/data/current/bin/etcd"
      echo "--bind-ro=$programs/kubectl:$DATA/bin/kubectl"
      echo "--bind=$NODES/$1.store:$DATA/server/db"
      ;;
  esac
}
