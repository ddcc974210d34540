# Completion of tuicrm in fish: tuicrm completion fish | source
function __tuicrm_complete
    set -l words (commandline -opc)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    set -l lines (_TUICRM_COMPLETE=fish $program $words[2..-1] (commandline -ct) 2>/dev/null)
    set -l how (string split \t -- $lines[1])
    switch $how[1]
        case files
            set -l path (string replace -- "$how[2]" '' (commandline -ct))
            printf "$how[2]%s\n" (__fish_complete_path "$path")
        case dirs
            __fish_complete_directories (commandline -ct)
        case words
            printf '%s\n' $lines[2..-1]
    end
end
complete -c tuicrm -f -k -a '(__tuicrm_complete)'
