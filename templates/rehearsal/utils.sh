#!/bin/bash
# A rehearsed machine runs nothing: these functions are played by cpctl itself.
render_csr_conf() { :; }
refresh_csr_conf() { :; }
gen_server_cert() { :; }

if [ $# -gt 0 ] && declare -F "$1" > /dev/null; then
  "$@"
fi
