# What the newest edition of Kubernetes the Hard Way does otherwise. Sourcing it changes nothing.
# shellcheck shell=bash disable=SC2034  # the names are for the scripts that source this
# https://github.com/kelseyhightower/kubernetes-the-hard-way: ca.conf, units/. It has one
# server; here are three, and what that takes is said where it stands. Its keys have 4096 bits, which take seconds to find and would show nothing: these have 2048.
. "$LAB/by-hand/distribution.bash"
AUTHORITY=/C=US/ST=Washington/L=Seattle/CN=CA
SERVER=kube-api-server
SERVER_DAYS=3653
SERVER_SUBJECT=/CN=kubernetes/C=US/ST=Washington/L=Seattle
ACCOUNTS=service-accounts

certificate_file() { echo "$1.crt"; }
key_file() { echo "$1.key"; }
key_as_written() { cat "$1"; }

server_extensions() {
  cat << EXTENSIONS
basicConstraints = CA:FALSE
extendedKeyUsage = clientAuth, serverAuth
keyUsage = critical, digitalSignature, keyEncipherment
nsCertType = client, server
nsComment = "Kube API Server Certificate"
subjectAltName = $(server_names | paste -sd,)
subjectKeyIdentifier = hash
EXTENSIONS
}

# With three servers the one name of the guide is not enough: their addresses stand there too.
server_names() {
  local node
  printf 'IP:%s\n' 127.0.0.1 10.32.0.1
  for node in "${CONTROL_PLANES[@]}"; do
    echo "IP:$(address "$node")"
  done
  printf 'DNS:%s\n' kubernetes kubernetes.default kubernetes.default.svc kubernetes.default.svc.cluster kubernetes.svc.cluster.local \
    server.kubernetes.local api-server.kubernetes.local
}

# Plain, as in the guide, where all of it is on 127.0.0.1; the members of three must reach one another.
etcd_flags() { # MACHINE
  cat << FLAGS
--name $1
--initial-advertise-peer-urls http://$(address "$1"):2380
--listen-peer-urls http://$(address "$1"):2380
--listen-client-urls http://127.0.0.1:2379
--advertise-client-urls http://127.0.0.1:2379
--initial-cluster-token etcd-cluster-0
--initial-cluster $(members http 2380 =)
--initial-cluster-state new
--data-dir=/var/lib/etcd
FLAGS
}

etcd_files() { :; }

# The range of services is left to its default, as it was in the guide for some time: 10.0.0.1 is then their first
# address, and no name of the certificate.
edition_flags() { # MACHINE
  cat << FLAGS
--etcd-servers=http://127.0.0.1:2379
--service-account-issuer=https://server.kubernetes.local:$PORT
FLAGS
}
