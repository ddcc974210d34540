"""Ways out that people who come in by SSH have tried on servers: words behind the host, and options of ssh. None may succeed."""

from __future__ import annotations

_WORDS = r"""
sh
bash -c 'touch {mark}'
/bin/sh -i
; touch {mark}
deal list; touch {mark}
deal list && touch {mark}
deal list | tee {mark}
deal list > {mark}
deal list `touch {mark}`
deal list $(touch {mark})
tuicrm; touch {mark}
crm sh
python3 -c 'open("{mark}","w")'
env
exec sh
command sh
scp -f /etc/passwd
scp -t {mark}
internal-sftp
/usr/lib/openssh/sftp-server
rsync --server . {mark}
git-upload-pack '/'
cat /etc/passwd
deal list --data /tmp
--data /tmp deal list
deal list --data=/tmp
deal list --as 'Anna Bianchi'
--as 'Anna Bianchi' deal list
init {mark}
demo
backup {mark}
backup -
restore - {mark}
restore /etc/passwd {mark}
fsck
fsck --salvage {mark}
paths
doctor
completion bash
serve doctor
serve enter anna
serve ssh-key add luca
serve ssh-key list
serve ssh-key write --file {mark}
channel list
channel add X sms_command 'command=touch {mark}'
channel add X maildir address=a@x.it path=/tmp
channel run --once
remind
calendar sync http://127.0.0.1:9/
calendar export -o {mark}
calendar import /etc/passwd
import /etc/passwd
import --rejects {mark} -
import --decisions /etc/passwd -
export deal -o {mark}
export deal --output={mark}
export deal -o{mark}
document list D-1 -o {mark}
template add /etc/passwd --type deal --name X
template get offer -o {mark}
mail import /var/mail
mail add D-1 /etc/passwd
mail send D-1 --to a@x.it --attach /etc/passwd --text x
layout export deal {mark}
layout import deal /etc/passwd
role export -o {mark}
role import /etc/passwd
call import /etc/passwd
call dial C-1
deal edit D-1 files+=/etc/passwd
activity add D-1 X --attach /etc/passwd
settings call_command='touch {mark}'
help ../../etc/passwd
D-1 --data /tmp
deal list --color=always --data /tmp
user edit luca --role administrator
role give administrator luca
department edit company --role administrator
log --since `touch {mark}`
'deal list
deal 'list
\x00
-V; touch {mark}
"""
WORDS = tuple(_WORDS.strip().splitlines())
"""`{mark}` is a file that must not come to be."""
OPTIONS = (
    ("-R", "0:127.0.0.1:22"), ("-A",), ("-X",), ("-W", "127.0.0.1:22"),
    ("-oSendEnv=TUICRM_DATA",), ("-oSendEnv=PYTHONPATH",), ("-oSetEnv=TUICRM_CONFIG=/x",), ("-s", "sftp"),
)  # fmt: skip
"""Options of ssh, each tried in front."""
