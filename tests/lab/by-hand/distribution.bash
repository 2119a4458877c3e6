# What the lab's scripts must know of Kubernetes the Hard Way, in its editions for three controllers (up to 1.21). Sourcing it changes nothing.
# shellcheck shell=bash disable=SC2034  # the names are for the scripts that source this
# https://github.com/kelseyhightower/kubernetes-the-hard-way/tree/1.21.0/docs: 04 certificates, 07 etcd, 08 API server.
PORT=6443
WORKERS=() # the guide's workers are other machines, and its controllers are no nodes of the cluster
API_SERVER=kube-apiserver.service
STATE=/var/lib/kubernetes
AUTHORITY=/C=US/ST=Oregon/L=Portland/O=Kubernetes/OU=CA/CN=Kubernetes
SERVER=kubernetes
SERVER_DAYS=365
SERVER_SUBJECT='/C=US/ST=Oregon/L=Portland/O=Kubernetes/OU=Kubernetes The Hard Way/CN=kubernetes'
ACCOUNTS=service-account

certificate_file() { echo "$1.pem"; }
key_file() { echo "$1-key.pem"; }

# cfssl writes PKCS #1.
key_as_written() { openssl rsa -traditional -in "$1" 2> /dev/null; }

own_keys() {
  rsa_key "$SERVER" &
  openssl rand -base64 32 > encryption-key &
}

own_certificates() {
  client "$ACCOUNTS" /CN=service-accounts &
  server_certificate &
}

# One for all controllers, and for all that an API server and etcd do with one.
server_certificate() {
  openssl req -new -sha256 -key "$SERVER.key" -subj "$SERVER_SUBJECT" |
    openssl x509 -req -sha256 -days "$SERVER_DAYS" -CA ca.crt -CAkey ca.key -set_serial "0x$(openssl rand -hex 12)" \
      -extfile <(server_extensions) -out "$SERVER.crt" 2> /dev/null
}

server_extensions() {
  cat << EXTENSIONS
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth, clientAuth
basicConstraints = critical, CA:FALSE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = $(server_names | paste -sd,)
EXTENSIONS
}

server_names() {
  local node
  printf 'DNS:%s\n' kubernetes kubernetes.default kubernetes.default.svc kubernetes.default.svc.cluster kubernetes.svc.cluster.local
  printf 'IP:%s\n' 10.32.0.1
  for node in "${CONTROL_PLANES[@]}"; do
    echo "IP:$(address "$node")"
  done
  printf 'IP:%s\n' 127.0.0.1
}

etcd_flags() { # MACHINE
  local own
  own=$(address "$1")
  cat << FLAGS
--name $1
--cert-file=/etc/etcd/kubernetes.pem
--key-file=/etc/etcd/kubernetes-key.pem
--peer-cert-file=/etc/etcd/kubernetes.pem
--peer-key-file=/etc/etcd/kubernetes-key.pem
--trusted-ca-file=/etc/etcd/ca.pem
--peer-trusted-ca-file=/etc/etcd/ca.pem
--peer-client-cert-auth
--client-cert-auth
--initial-advertise-peer-urls https://$own:2380
--listen-peer-urls https://$own:2380
--listen-client-urls https://$own:2379,https://127.0.0.1:2379
--advertise-client-urls https://$own:2379
--initial-cluster-token etcd-cluster-0
--initial-cluster $(members https 2380 =)
--initial-cluster-state new
--data-dir=/var/lib/etcd
FLAGS
}

etcd_files() { echo ca.pem kubernetes.pem kubernetes-key.pem; }

# What stands in the editions' units beside `common_flags`.
edition_flags() { # MACHINE
  cat << FLAGS
--advertise-address=$(address "$1")
--etcd-cafile=$STATE/ca.pem
--etcd-certfile=$STATE/kubernetes.pem
--etcd-keyfile=$STATE/kubernetes-key.pem
--etcd-servers=$(members https 2379)
--service-account-issuer=https://$(address n1):$PORT
--service-cluster-ip-range=10.32.0.0/24
FLAGS
}

# Each controller's address with a port, and with its name in front where a sign to part them is given.
members() { # SCHEME PORT [SIGN]
  local node
  for node in "${CONTROL_PLANES[@]}"; do
    echo "${3+$node$3}$1://$(address "$node"):$2"
  done | paste -sd,
}

# What a machine sees of the outside, as options of systemd-nspawn.
mounts() { # MACHINE
  local program
  case $1 in
    n*)
      for program in kube-apiserver etcd kubectl; do
        echo "--bind-ro=$(programs)/$program:/usr/local/bin/$program"
      done
      echo "--bind=$NODES/$1.store:/var/lib/etcd"
      ;;
  esac
}

node_objects() { :; }

# The process keeps its arguments, but sees in the place of its directory a copy that each start renews. What runs before
# it sees the copy as well, and none at the first start: hence the way through the first process, and the minus.
FROZEN=/run/kubernetes-frozen
DROP_IN=/etc/systemd/system/$API_SERVER.d/no-hot-reload.conf
forbid_hot_reload() {
  in_tree mkdir -p "$(dirname "$DROP_IN")"
  in_tree tee "$DROP_IN" > /dev/null << UNIT
[Service]
ExecStartPre=+/bin/sh -c 'rm -rf $FROZEN && cp -a /proc/1/root$STATE $FROZEN'
BindReadOnlyPaths=-$FROZEN:$STATE
UNIT
}
allow_hot_reload() { in_tree rm -f "$DROP_IN"; }
