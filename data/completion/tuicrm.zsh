#compdef tuicrm
# Completion of tuicrm in zsh: eval "$(tuicrm completion zsh)", or this file as _tuicrm in a folder of $fpath.
_tuicrm() {
    local program=${words[1]/#\~\//$HOME/} answer i
    local -a lines ends ends_told goes goes_told
    answer="$(_TUICRM_COMPLETE=zsh "$program" "${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)"
    lines=("${(@f)answer}")
    (( $#lines )) || return 1
    [[ -n $lines[2] ]] && compset -P "${(b)lines[2]}"
    case $lines[1] in
        files) _files; return ;;
        dirs) _files -/; return ;;
    esac
    for (( i = 3; i + 2 <= $#lines; i += 3 )); do
        if [[ $lines[i] == end ]]; then ends+=("$lines[i+1]"); ends_told+=("$lines[i+2]")
        else goes+=("$lines[i+1]"); goes_told+=("$lines[i+2]"); fi
    done
    local -a alike=(-M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}')
    (( $#ends )) && compadd $alike -V tuicrm -l -d ends_told -a ends
    (( $#goes )) && compadd $alike -V tuicrm-goes-on -S '' -l -d goes_told -a goes
    return 0
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _tuicrm "$@"
else (( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }; compdef _tuicrm tuicrm; fi
