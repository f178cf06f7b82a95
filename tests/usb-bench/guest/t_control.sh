# The positive control of t_unplug.sh: an agent whose lane takes an interruption for a reason to
# try again. The judge must find its second papers, or it finds nothing.
S=control
AGENT=agent-resend
. /bench/lib_shop.sh
. /bench/unplug_many.sh

shop_begin control
shop_printer front tm-t20 TM1 usb:04b8:0e03:TM1 "claim gift"
shop_printer workshop tm-t88v TM2 usb:04b8:0202:TM2 tag
tell front plug dummy_udc.0
tell workshop plug dummy_udc.3
shop_open
unplug_many 4
shop_close front workshop
exit 0
