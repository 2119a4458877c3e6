# What the lab's scripts must know of kubeadm. Sourcing it changes nothing.
# shellcheck shell=bash disable=SC2034  # the names are for the scripts that source this
PORT=6443
WORKERS=(w1)
API_SERVER=kubelet.service # which runs it as a static pod
AUTHORITY=/CN=kubernetes
VERSION=v1.34.4

kubeadm() { "$RUN/programs/kubeadm" "$@"; }

own_keys() {
  local phase
  for phase in front-proxy-ca etcd-ca sa; do
    kubeadm init phase certs "$phase" --cert-dir "$PWD" > /dev/null 2>&1 &
  done
}

own_certificates() { client kubelet-w1 /O=system:nodes/CN=system:node:w1 & } # a control plane has its own, made where they lie

TOKEN=lab000.0123456789abcdef # by which nodes may join

# What a node was set up with. Names stand there that no node has of itself.
configuration() { # MACHINE
  cat << CONFIG
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
bootstrapTokens: [{token: $TOKEN}]
localAPIEndpoint:
  advertiseAddress: $(address "$1")
  bindPort: $PORT
nodeRegistration:
  name: $1
  criSocket: unix:///run/containerd/containerd.sock
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
clusterName: lab
kubernetesVersion: $VERSION
controlPlaneEndpoint: $(address n1):$PORT
networking:
  serviceSubnet: 10.96.0.0/12
apiServer:
  # The old name of the API, still in some pipelines.
  certSANs: [api.lab.example]
CONFIG
}

# Of each member its name and where the others reach it.
members() {
  local node
  for node in "${CONTROL_PLANES[@]}"; do
    echo "$node=https://$(address "$node"):2380"
  done | paste -sd,
}

# What a machine sees of the outside, as options of systemd-nspawn.
mounts() { # MACHINE
  local program
  case $1 in
    n*)
      for program in kube-apiserver kube-controller-manager etcd kubectl; do
        echo "--bind-ro=$(programs)/$program:/usr/local/bin/$program"
      done
      for program in kubeadm kubelet; do
        echo "--bind-ro=$(programs)/$program:/usr/bin/$program"
      done
      echo "--bind=$NODES/$1.store:/var/lib/etcd"
      ;;
    w*)
      for program in kubeadm kubelet; do
        echo "--bind-ro=$(programs)/$program:/usr/bin/$program"
      done
      ;;
  esac
}

# What makes admin.conf an administrator's, and what a kubelet enters: its node, and a pod that stands for the API
# server's static one. kubeadm believes the cluster's configuration only where both are there.
node_objects() {
  local name
  cat << BINDING
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: "kubeadm:cluster-admins"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: "kubeadm:cluster-admins"}]
BINDING
  for name in "${CONTROL_PLANES[@]}" "${WORKERS[@]}"; do
    cat << NODE
---
apiVersion: v1
kind: Node
metadata:
  name: $name
  labels: {$([[ $name = w* ]] || echo 'node-role.kubernetes.io/control-plane: "",') kubernetes.io/hostname: $name, kubernetes.io/os: linux}
status:
  addresses: [{type: InternalIP, address: $(address "$name")}, {type: Hostname, address: $name}]
  conditions: [{type: Ready, status: "True", reason: KubeletReady}]
NODE
  done
  for name in "${CONTROL_PLANES[@]}"; do
    cat << POD
---
apiVersion: v1
kind: Pod
metadata:
  name: kube-apiserver-$name
  namespace: kube-system
  labels: {component: kube-apiserver, tier: control-plane}
  annotations:
    kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint: $(address "$name"):$PORT
    kubernetes.io/config.hash: lab
    kubernetes.io/config.mirror: lab
    kubernetes.io/config.source: file
spec:
  nodeName: $name
  hostNetwork: true
  containers: [{name: kube-apiserver, image: "kube-apiserver:$VERSION"}]
POD
  done
}

# The cluster's own copy of its configuration, what a node is told that joins, and kube-proxy on every node.
own_objects() { { [ -e "$RUN/kubeadm.yaml" ] || enter_objects; } && rolled_out; }

enter_objects() {
  local phase
  configuration n1 > "$RUN/kubeadm.new"
  for phase in 'upload-config all' bootstrap-token 'addon kube-proxy'; do
    # shellcheck disable=SC2086  # a phase may be two words
    inside_lab "$RUN/programs/kubeadm" init phase $phase --config "$RUN/kubeadm.new" --kubeconfig "$OPERATOR/.kube/config" || return 1
  done
  mv "$RUN/kubeadm.new" "$RUN/kubeadm.yaml"
}

rolled_out() {
  local api
  api=$(address n1)
  ask "$api" /apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy | grep -q '"numberAvailable": *4' &&
    ask "$api" /api/v1/namespaces/kube-public/configmaps/cluster-info | grep -q jws-kubeconfig-
}

# Containers that start from then on see a copy of the certificates.
FROZEN=/run/pki-frozen
forbid_hot_reload() {
  in_tree mkdir -p /etc/lab
  in_tree touch /etc/lab/no-hot-reload
}
allow_hot_reload() { in_tree rm -f /etc/lab/no-hot-reload; }
