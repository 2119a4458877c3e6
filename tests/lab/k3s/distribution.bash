# What the lab's scripts must know of K3s. Sourcing it changes nothing.
# shellcheck shell=bash disable=SC2034  # the names are for the scripts that source this
# https://docs.k3s.io/installation/configuration, and `install.sh` of k3s-io/k3s for the unit.
PORT=6443
WORKERS=(w1)
FLAVOUR=k3s
UNIT=k3s
UNITS=/etc/systemd/system
API_SERVER=$UNIT.service
DATA=/var/lib/rancher/k3s
FIRST='cluster-init: true'
PROGRAM=k3s
AUTHORITY=/CN=k3s-server-ca@1763700000
NEW_KEY=ec
CLIENT_AUTHORITY=client-ca

own_keys() {
  authority client-ca /CN=k3s-client-ca@1763700000 &
  authority request-header-ca /CN=k3s-request-header-ca@1763700000 &
  rsa_key service &
  openssl rand -hex 16 > token &
}

# Each server makes its own when it starts; an agent was given its own when it joined.
own_certificates() {
  client client-kubelet /O=system:nodes/CN=system:node:w1 &
  client client-k3s-controller /CN=system:k3s-controller &
}

members() {
  local node
  for node in "${CONTROL_PLANES[@]}"; do
    echo "$node=http://$(address "$node"):2380"
  done | paste -sd,
}

# What a machine sees of the outside, as options of systemd-nspawn. Nothing is called kube-apiserver there, as with K3s.
mounts() { # MACHINE
  local programs
  programs=$(programs)
  case $1 in
    n*)
      echo "--bind-ro=$programs/$PROGRAM:/usr/local/bin/k3s"
      echo "--bind-ro=$programs/kube-apiserver:$DATA/data/current/bin/k3s-apiserver"
      echo "--bind-ro=$programs/etcd:$DATA/data/current/bin/etcd"
      echo "--bind-ro=$programs/kubectl:$DATA/data/current/bin/kubectl"
      echo "--bind=$NODES/$1.store:$DATA/server/db"
      ;;
    w*) echo "--bind-ro=$programs/$PROGRAM:/usr/local/bin/k3s" ;;
  esac
}

# Each node enters itself.
node_objects() { :; }

# What an agent may read to learn the servers; its node is there once it has.
own_objects() {
  local name
  kubectl apply --validate=false -f - << ROLE
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "system:k3s-controller"}
rules: [{apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: "system:k3s-controller"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:k3s-controller"}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: "system:k3s-controller"}]
ROLE
  for name in "${WORKERS[@]}"; do
    ask "$(address n1)" "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/$name"
  done
}

# It takes in no name before it starts again: there is nothing to forbid.
FROZEN=/run/k3s-frozen
forbid_hot_reload() { :; }
allow_hot_reload() { :; }
