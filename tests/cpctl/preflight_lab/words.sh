# What the faults are written with: places on a MicroK8s node, and what is done to them.
set -eu
CERTS=/var/snap/microk8s/current/certs
LOCKS=/var/snap/microk8s/current/var/lock
ARGUMENTS=/var/snap/microk8s/current/args/kube-apiserver
FUNCTIONS=/snap/microk8s/current/actions/common/utils.sh
KICKER=snap.microk8s.daemon-apiserver-kicker
KUBELITE=snap.microk8s.daemon-kubelite

# A command as if it were so long ago: ago 20d COMMAND…
ago() {
  local since=$1
  shift
  (
    export LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1 FAKETIME=-$since
    "$@"
  )
}

# The distribution's own way to a certificate for the names in the template.
sign() {
  local function
  for function in refresh_csr_conf gen_server_cert; do
    /usr/bin/snap run --shell microk8s $FUNCTIONS $function
  done
}

# A certificate of the cluster's CA from a request: issue REQUEST RESULT [ARGUMENT…]
issue() {
  local request=$1 result=$2
  shift 2
  openssl x509 -req -sha256 -in "$request" -CA $CERTS/ca.crt -CAkey $CERTS/ca.key -set_serial "0x$(openssl rand -hex 12)" -out "$result.new" "$@" 2> /dev/null
  chown root:microk8s "$result.new"
  chmod 660 "$result.new"
  mv "$result.new" "$result"
}

# Waits until the API server serves its file and is ready.
served() {
  local address wanted tries=0
  address=$(own_address)
  wanted=$(openssl x509 -in $CERTS/server.crt -noout -serial)
  until [ "$(serial_at "$address")" = "$wanted" ] &&
    curl -skf --max-time 3 -o /dev/null --cert $CERTS/client.crt --key $CERTS/client.key "https://$address:16443/readyz"; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] || exit 1
    sleep 0.1
  done
}

# The same, and until the balancer leads clients here, which it may have left.
back() {
  local own tries=0
  served
  own=$(serial_at "$(own_address)")
  [ -n "$own" ] || exit 1
  until [ "$(serial_at 172.22.22.3)" = "$own" ]; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] || exit 1
    sleep 0.1
  done
}

own_address() { hostname -I | cut -d' ' -f1; }
serial_at() { openssl s_client -connect "$1:16443" < /dev/null 2> /dev/null | openssl x509 -noout -serial 2> /dev/null; }

# Waits until the balancer leads nobody to a server that is down, which it sees by its checks: each of three has had three turns then.
led_past() {
  local good=0 tries=0
  until [ $good -ge 9 ]; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] || exit 1
    good=$((good + 1))
    curl -sk --max-time 1 -o /dev/null https://172.22.22.3:16443/readyz || good=0
  done
}

# A client certificate for the operator's key: user_cert [ARGUMENT…]
user_cert() {
  user_request |
    openssl x509 -req -CA ../pki/ca.crt -CAkey ../pki/ca.key -set_serial "0x$(openssl rand -hex 12)" -out user.crt "$@" 2> /dev/null
  use_user_cert
}

# The same, over since the first of February 2020.
expired_user_cert() {
  : > index
  printf '[ca]\ndefault_ca=own\n[own]\ndatabase=index\nrand_serial=yes\npolicy=any\nnew_certs_dir=.\ndefault_md=sha256\nx509_extensions=use\n[any]\ncommonName=supplied\norganizationName=supplied\n[use]\nextendedKeyUsage=clientAuth\n' > ca.conf
  user_request > user.csr
  openssl ca -batch -notext -config ca.conf -startdate 20200101000000Z -enddate 20200201000000Z \
    -cert ../pki/ca.crt -keyfile ../pki/ca.key -in user.csr -out user.crt 2> /dev/null
  rm -f index* ca.conf user.csr ./*.pem
  use_user_cert
}

user_request() { openssl req -new -key ../pki/admin.key -subj /CN=admin/O=system:masters; }

use_user_cert() {
  sed -i "s|client-certificate-data: .*|client-certificate-data: $(base64 -w0 user.crt)|" .kube/config
  rm user.crt
}
