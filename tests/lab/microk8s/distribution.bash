# What the lab's scripts must know of MicroK8s. Sourcing it changes nothing.
# shellcheck shell=bash disable=SC2034  # the names are for the scripts that source this
PORT=16443
WORKERS=(w1)
REVISION=8511
API_SERVER=snap.microk8s.daemon-kubelite.service
AUTHORITY=/CN=10.152.183.1

own_keys() {
  local key
  authority front-proxy-ca /CN=front-proxy-ca &
  for key in serviceaccount front-proxy-client "${CONTROL_PLANES[@]/#/server-}"; do
    rsa_key "$key" &
  done
}

own_certificates() { client kubelet /O=system:nodes/CN=system:node:kubelet & }

# What a machine sees of the outside, as options of systemd-nspawn.
mounts() { # MACHINE
  case $1 in
    n* | w*) echo "--bind-ro=$(programs):/snap/microk8s/$REVISION/programs" ;;
  esac
  case $1 in
    n*) echo "--bind=$NODES/$1.store:/var/snap/microk8s/$REVISION/var/kubernetes/backend" ;;
  esac
}

node_objects() {
  local name role
  for name in "${CONTROL_PLANES[@]}" "${WORKERS[@]}"; do
    role=microk8s-controlplane
    [[ $name = n* ]] || role=microk8s-worker
    cat << NODE
---
apiVersion: v1
kind: Node
metadata:
  name: $name
  labels: {node.kubernetes.io/$role: $role, kubernetes.io/hostname: $name}
status:
  addresses: [{type: InternalIP, address: $(address "$name")}, {type: Hostname, address: $name}]
  conditions: [{type: Ready, status: "True", reason: KubeletReady}]
NODE
  done
}

# The API server's start looks for the file, and then watches copies in $FROZEN.
FROZEN=/run/kubelite-frozen
forbid_hot_reload() { in_tree touch /etc/lab/no-hot-reload; }
allow_hot_reload() { in_tree rm -f /etc/lab/no-hot-reload; }
