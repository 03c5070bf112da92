
# What follows completes names that only running daemons know: of interfaces, peers and segments.

# Prints those of one kind.
function _ovlctl_names() {
  local daemon=() list i
  if [ "$1" = interfaces ]; then
    "${COMP_WORDS[0]}" show interfaces 2>/dev/null
    return
  fi
  for (( i = 1; i < COMP_CWORD; i++ )); do
    case ${COMP_WORDS[i]} in
      -i|--interface|-S|--socket)
        daemon=("${COMP_WORDS[i]}" "${COMP_WORDS[i + 1]}")
        [ "${daemon[1]}" != = ] || daemon[1]=${COMP_WORDS[i + 2]}
        ;;
    esac
  done
  list=${1/vnis/segments}
  "${COMP_WORDS[0]}" "${daemon[@]}" --timeout 1s -j "$list" list 2>/dev/null |
    case $1 in
      vnis) grep -o '"vni":[0-9]*' | cut -d : -f 2 ;;
      *) grep -o '"name":"[^"]*"' | cut -d '"' -f 4 ;;
    esac
}

function _complete_ovlctl_names() {
  _complete_ovlctl
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} verb="" i kind
  local kinds=()
  [[ $current != -* ]] || return
  for (( i = 1; i < COMP_CWORD; i++ )); do
    case ${COMP_WORDS[i]} in
      -i|--interface|-S|--socket|-c|--color|--timeout) (( i++ )) ;;
      -*) ;;
      *) verb="$verb ${COMP_WORDS[i]}" ;;
    esac
  done
  case "$verb $previous" in
    *" -i"|*" --interface") kinds=(interfaces) ;;
    *" --segments") kinds=(segments) ;;
    *" -"*) ;;
    " show "*|" status "*|" stats "*|" reload "*|" down "*|" peers list "*|" segments list "*)
      [[ $verb == *" "*" "*" "* ]] || kinds=(interfaces) ;;
    " peers "[sd]*|" mtu "*) kinds=(peers) ;;
    " segments "[sd]*|" vni "[sd]*) kinds=(segments vnis) ;;
    " fdb "*" peer") kinds=(peers) ;;
    " fdb "*" vni"|" neigh "*" vni") kinds=(vnis) ;;
    " fdb "*" segment"|" neigh "*" segment") kinds=(segments) ;;
  esac
  for kind in "${kinds[@]}"; do
    COMPREPLY+=( $(compgen -W "$(_ovlctl_names "$kind")" -- "$current") )
  done
}

complete -F _complete_ovlctl_names -o default ovlctl
