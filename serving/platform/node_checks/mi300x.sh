#!/usr/bin/env bash
# mi300x.sh CHECK GPUS LINKS: exit 0 fine, 1 a problem, 2 unknown. One line says what was found.
set -u
check=$1 gpus=$2 links=$3
sys=${SYS:-/sys}
shopt -s nullglob

found=()
for device in "$sys"/bus/pci/devices/*; do
  [[ $(cat "$device/vendor" 2>/dev/null) == 0x1002 ]] || continue
  case $(cat "$device/class" 2>/dev/null) in 0x1200* | 0x0380* | 0x0300*) found+=("$device") ;; esac
done
cards=("$sys"/class/infiniband/*)

if ((${#found[@]} == 0 && ${#cards[@]} < links)); then
  echo "not a GPU node"
  exit 0
fi

problem() { echo "$*"; exit 1; }
unknown() { echo "$*"; exit 2; }

case $check in
gpu-count)
  ((${#found[@]} == gpus)) || problem "${#found[@]} of $gpus GPUs"
  ;;
gpu-ras)
  read_any=no
  for device in "${found[@]}"; do
    for file in "$device"/ras/*_err_count; do
      read_any=yes
      errors=$(awk '$1 == "ue:" { print $2 }' "$file" 2>/dev/null)
      [[ -z $errors || $errors == 0 ]] || problem "$errors uncorrectable errors: ${device##*/} ${file##*/}"
    done
  done
  [[ $read_any == yes ]] || unknown "no GPU shows error counts"
  ;;
gpu-pcie)
  ((${#found[@]})) || unknown "no GPU"
  for device in "${found[@]}"; do
    now=$(cat "$device/current_link_width" 2>/dev/null) full=$(cat "$device/max_link_width" 2>/dev/null)
    [[ -n $now && -n $full ]] || unknown "${device##*/} shows no link width"
    [[ $now == "$full" ]] || problem "${device##*/} has $now of $full lanes"
  done
  ;;
gpu-xgmi)
  ((${#found[@]})) || unknown "no GPU"
  for device in "${found[@]}"; do
    error=$(cat "$device/xgmi_error" 2>/dev/null) || unknown "${device##*/} shows no xgmi_error"
    [[ $error == 0 ]] || problem "${device##*/} has XGMI error $error"
  done
  ;;
rdma-links)
  ((${#cards[@]})) || unknown "no RDMA card is visible"
  up=0
  for card in "${cards[@]}"; do
    [[ $(cat "$card/ports/1/state" 2>/dev/null) == 4:* && $(cat "$card/ports/1/phys_state" 2>/dev/null) == 5:* ]] && up=$((up + 1))
  done
  ((up >= links)) || problem "$up of $links RDMA links are up"
  ;;
*) unknown "no such check: $check" ;;
esac
echo "fine"
