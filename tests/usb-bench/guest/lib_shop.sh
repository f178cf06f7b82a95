# A whole shop of real programs in the guest: the agent with its processes, and a till.
. /bench/lib.sh
AGENT=${AGENT:-atelier-agent}

# shop_begin NAME: then a shop_printer each, then shop_open.
shop_begin() {
    SHOP=$1
    HOUSE=/tmp/shop-$1
    mkdir -p "$HOUSE/till" "/out/$SHOP"
    PRINTERS=0
    MACHINES=0
    SCANNERS=0
    cat >"$HOUSE/atelier.ini" <<INI
[shop]
retailer = maison
store = paris-1
name = Maison
zone = Europe/Paris
language = en
guest_languages = en fr ja
currency = EUR
$(for day in mon tue wed thu fri sat sun; do echo "hours.$day = 00:00-24:00"; done)
[paths]
data = $HOUSE/data
run = $HOUSE/run
catalogue = /atelier/catalogue
templates = /atelier/printer-templates
machines = /atelier/machines
[cloud]
page_base = HTTP://127.0.0.1
INI
}

# shop_printer NAME MODEL SERIAL LINK DOCUMENTS: in the configuration, and as a process.
shop_printer() {
    PRINTERS=$((PRINTERS + 1))
    printf '[printer %s]\ndriver = escpos\nmodel = %s\nlink = %s\ndocuments = %s\n' \
        "$1" "$2" "$4" "$5" >>"$HOUSE/atelier.ini"
    printer "$1" "$2" "$3"
}

# shop_machine NAME PROFILE LINK
shop_machine() {
    MACHINES=$((MACHINES + 1))
    printf '[machine %s]\nprofile = %s\nlink = %s\n' "$1" "$2" "$3" >>"$HOUSE/atelier.ini"
}

staff() {
    word=$1
    shift
    "$AGENT" "$word" --config "$HOUSE/atelier.ini" "$@"
}
all_run() {
    [ "$(grep -c ' running ' "$HOUSE/run/status" 2>/dev/null)" = $((4 + PRINTERS + MACHINES + SCANNERS)) ] && [ -S "$HOUSE/run/pos.sock" ]
}
shop_open() {
    ATELIER_RESTART_MS=50 "$AGENT" run --config "$HOUSE/atelier.ini" >>"$HOUSE/agent.log" 2>&1 &
    SUPERVISOR=$!
    within 90 all_run || { fail "the agent does not start"; tail -n 20 "$HOUSE/agent.log"; exit 1; }
}
# What the judge wants: the store at rest, and each printer's papers.
shop_close() {
    check "every paper has come to its end" within 40 at_rest
    kill $SUPERVISOR
    wait $SUPERVISOR
    for one in "$@"; do tell "$one" quit now; done
    cp -r "$HOUSE/data" "$HOUSE/atelier.ini" "$HOUSE/agent.log" "/out/$SHOP/"
}

# sell WORDS: one bag, paid. CODE is its order. Words that were sold before in this shop are not sewn
# and drawn again, which takes a second of this machine; no suite here is about that. A call has
# 250 ms, which an emulated machine may miss when the one below is busy: the till says "do it once
# more", and so it is done. What had been paid by then is told by the till at its next start, and is
# an order as any other.
sell() {
    printf 'sell TOTE-01 navy\ncustomise 1 "text=%s" thread=gold\nsign 1 turned\ntender card\nsave $code %s\n' \
        "$1" "$HOUSE/code" >"$HOUSE/script"
    for try in 1 2 3 4 5 6 7 8; do
        atelier-till --plugin /atelier/atelier.so --products /atelier/products.tsv --socket "$HOUSE/run/pos.sock" \
            --dir "$HOUSE/till" --language en --script "$HOUSE/script" >"$HOUSE/till.log" 2>&1 &&
            CODE=$(cat "$HOUSE/code") && return
        grep -q 'TIMEOUT\|is being drawn' "$HOUSE/till.log" || break
    done
    fail "a sale does not go through"
    tail -n 8 "$HOUSE/till.log"
    tail -n 20 "$HOUSE/agent.log"
    exit 1
}
at_rest() { till_says ' 0 waiting'; }

# The state of an order's paper, and of all of its papers.
state_of() { staff status "$1" | awk -F '\t' -v document="$2" '$1 == "paper" && $3 == document { print $5 }'; }
is_state() {
    state=$(state_of "$1" "$2")
    [ "$state" = "$3" ] || { staff status "$1" | grep '^paper'; false; }
}
# An order of which nothing is known has no paper that has ended.
have_ended() {
    staff status "$1" >/tmp/ended
    awk -F '\t' '$1 == "paper" { papers++; left += $5 ~ /queued|sending/ } END { exit !papers || left }' /tmp/ended
}
# What a cashier is shown of the shop's side.
till_says() {
    printf 'health\n' >"$HOUSE/health"
    atelier-till --plugin /atelier/atelier.so --products /atelier/products.tsv --socket "$HOUSE/run/pos.sock" \
        --dir "$HOUSE/till" --language en --script "$HOUSE/health" >"$HOUSE/health.log" 2>&1
    grep -i -- "$1" "$HOUSE/health.log" || { cat "$HOUSE/health.log"; false; }
}
# What is not said by a till that hears of the shop.
till_says_not() {
    till_says "agent up" && ! grep -i -- "$1" "$HOUSE/health.log"
}
# is_lane NAME PID: it is still that process.
is_lane() { [ -n "$2" ] && [ "$(lane_pid "$1")" = "$2" ]; }
lane_pid() { sed -n "s/^print@$1 running \([0-9]*\) .*/\1/p" "$HOUSE/run/status"; }
