# Completion of tuicrm in bash: eval "$(tuicrm completion bash)"
_tuicrm_complete() {
    local program=${COMP_WORDS[0]/#\~\//$HOME/} kind path line
    COMPREPLY=()
    {
        IFS= read -r kind || return 0
        if [[ $kind == files || $kind == dirs ]]; then
            IFS= read -r path
            compopt -o filenames 2>/dev/null
            [[ $path == "~/"* ]] && path=$HOME/${path:2}
            if [[ $kind == dirs ]]; then mapfile -t COMPREPLY < <(compgen -d -- "$path")
            else mapfile -t COMPREPLY < <(compgen -f -- "$path"); fi
        else
            compopt -o nospace 2>/dev/null; compopt -o nosort 2>/dev/null
            mapfile -t COMPREPLY
        fi
    } < <(_TUICRM_COMPLETE=bash _TUICRM_LINE="${COMP_LINE:0:COMP_POINT}" _TUICRM_BREAKS="$COMP_WORDBREAKS" \
        _TUICRM_TYPE="$COMP_TYPE" "$program" 2>/dev/null)
}
complete -F _tuicrm_complete tuicrm
