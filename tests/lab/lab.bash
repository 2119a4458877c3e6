# What every script of the lab knows: where things lie, who the machines are, and how to get in. Sourcing it changes nothing.
# What one distribution needs lies in its own folder; `distribution.bash` there says what the scripts must know of it.
# shellcheck shell=bash disable=SC2034  # most names are for the scripts that source this
# Hundreds of scripts start in a minute: what each of them does starts no program that it can do without.
LAB=${BASH_SOURCE[0]%/*}
[[ $LAB = /* ]] || LAB=$(cd "$LAB" && pwd)
CACHE=${CPCTL_LAB_CACHE:-/var/cache/cpctl-lab}
RUN=${CPCTL_LAB_RUN:-/run/cpctl-lab}
NODES=$RUN/nodes # a tmpfs that only the lab's own mount namespace sees
OPERATOR=$RUN/home

CONTROL_PLANES=(n1 n2 n3)
BALANCERS=(lb1 lb2)
VIP=172.22.22.3
WAIT_SECONDS=120
DISK_SIZE=2g

address() {
  case $1 in
    lb1) echo 172.22.22.8 ;;
    lb2) echo 172.22.22.9 ;;
    n1) echo 172.22.22.11 ;;
    n2) echo 172.22.22.12 ;;
    n3) echo 172.22.22.13 ;;
    w1) echo 172.22.22.14 ;;
    *) die "$1: no such machine (${MACHINES[*]})" ;;
  esac
}

die() {
  echo "lab: $*" >&2
  exit 1
}

distributions() {
  local at
  for at in "$LAB"/*/distribution.bash; do
    basename "$(dirname "$at")"
  done
}

own_objects() { :; } # what a distribution enters into its API beyond nodes; few do

use_distribution() { # NAME
  DISTRIBUTION=$1
  # What authorities are made with, and which of them signs for clients, unless it says otherwise.
  NEW_KEY=rsa CLIENT_AUTHORITY=ca
  [ -e "$LAB/$1/distribution.bash" ] || die "$1: no such distribution ($(distributions | xargs))"
  # shellcheck source=/dev/null  # each is read by itself
  . "$LAB/$1/distribution.bash"
  MACHINES=("${CONTROL_PLANES[@]}" "${WORKERS[@]}" "${BALANCERS[@]}")
}

# The content decides the name, so that a changed input makes a new directory and a running lab keeps its own.
digest() { sha256sum | cut -c1-12; }
base_dir() { echo "$CACHE/base-$(digest < "$LAB/base")"; }
programs_dir() { echo "$CACHE/bin-$(cd "$LAB/programs" && find . -type f ! -name build -print0 | sort -z | xargs -0 sha256sum | digest)"; }

# Where the running lab has its programs: `up` has looked it up.
programs() { readlink "$RUN/programs"; }

# Every lab has cgroups of its own, named after its directory: /run/a/b and /run/a-b are not to be used together.
CGROUP=cpctl-lab${RUN//\//-}

# The host's pid of the lab's first process, and of the one outside that keeps it.
holder() { living holder; }
keeper() { living keeper; }

# The name is checked, for a number on disk may belong to another process by now.
living() {
  local pid word
  read -r pid 2> /dev/null < "$RUN/$1.pid" || return
  while read -r -d '' word; do
    [[ $word != */"$1" ]] || { echo "$pid" && return; }
  done 2> /dev/null < "/proc/$pid/cmdline"
  return 1
}

# The kernel may still be letting go of the last processes, and refuses to drop their cgroups until then.
clear_up() {
  local root
  for root in /sys/fs/cgroup /sys/fs/cgroup/*/; do
    for _ in {1..100}; do
      [ -d "$root/$CGROUP" ] || break
      find "$root/$CGROUP" -depth -type d -exec rmdir {} + 2> /dev/null || sleep 0.02
    done
  done
  rm -rf --one-file-system "$RUN"
}

inside_lab() {
  local pid
  pid=$(holder) || die "no lab is up in $RUN"
  nsenter -t "$pid" -m -n -p --wd="$PWD" -- "$@"
}

# The host's pid of the machine's own first process, which is the first in the scope of that name once systemd is at work.
first_process() {
  local group pid
  for group in $(machine_cgroups "$1"); do
    read -r pid 2> /dev/null < "$group/payload/init.scope/cgroup.procs" && echo "$pid" && return
  done
  return 1
}

# Run a command in a machine without its sshd: the way in that no fault of the network closes.
inside_machine() {
  local pid
  pid=$(first_process "$1") || die "$1: not running"
  shift
  nsenter -t "$pid" -m -u -i -n -p -C -- "$@"
}

over_ssh() { inside_lab ssh -F "$OPERATOR/.ssh/config" -o ConnectTimeout=3 -o LogLevel=ERROR "$@"; }

# Try until it works; the limit is for a machine that is very busy, not for what the thing takes.
until_works() { # WHAT COMMAND…
  local what=$1 limit=$((SECONDS + WAIT_SECONDS))
  shift
  until "$@" > /dev/null 2>&1; do
    [ -n "$(holder)" ] || die "the lab ended while waiting for $what; see $RUN/log"
    [ "$SECONDS" -lt "$limit" ] || die "$what: not within $WAIT_SECONDS s"
    sleep 0.1
  done
}

answers_ssh() { over_ssh "$1" true < /dev/null; }

# What the API server at an address answers the admin, who needs no name of it.
ask() { # ADDRESS PATH
  inside_lab curl -sf --max-time 3 --cacert "$RUN/pki/ca.crt" --cert "$RUN/pki/admin.crt" --key "$RUN/pki/admin.key" \
    --connect-to "kubernetes:$PORT:$1:$PORT" "https://kubernetes:$PORT$2"
}

# Ready as a client sees it: an authenticated 200, for without a certificate the answer is 401 whatever the state.
is_ready() { ask "$1" /readyz; }

# A machine's cgroup in each hierarchy that systemd uses here, the one that can freeze first.
machine_cgroups() {
  local root
  for root in /sys/fs/cgroup/unified /sys/fs/cgroup/systemd /sys/fs/cgroup; do
    if [ -e "$root/cgroup.procs" ]; then
      echo "$root/$CGROUP/$1"
    fi
  done
}

# `up` writes it there.
read -r DISTRIBUTION 2> /dev/null < "$RUN/distribution" || DISTRIBUTION=microk8s
use_distribution "$DISTRIBUTION"
