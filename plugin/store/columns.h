// SPDX-License-Identifier: Apache-2.0
// Inside the store only: the columns of each table, in the order of its "fields" function. The
// checksum comes last and covers them in this order.
#ifndef ATL_STORE_COLUMNS_H
#define ATL_STORE_COLUMNS_H

#define ATL_MARKS_5  "?,?,?,?,?"
#define ATL_MARKS_10 ATL_MARKS_5 "," ATL_MARKS_5
#define ATL_MARKS_20 ATL_MARKS_10 "," ATL_MARKS_10

#define ATL_SALE_COLUMNS                                                                           \
    "uuid,store,workstation,business_day,currency,sequence,is_training,language,is_gift,"          \
    "is_buyer_only,needed_by_ms,hand_over,contact,has_wish,is_suspended,changed_ms"
#define ATL_SALE_MARKS ATL_MARKS_10 "," ATL_MARKS_5 ",?" // 16
#define ATL_DRAFT_COLUMNS                                                                          \
    "uuid,line_ref,unit_index,kind,sku,variant,answers,price_minor,work_s,promise_from_ms,"        \
    "promise_until_ms,proof_number,proof_state,proof_kind,proof_digest,stitch_count,sign_how,"     \
    "sign_employee,"                                                                               \
    "sign_ms,sign_hash,overruled,overruled_by,slip_code,scarce,held_until_ms,follows,is_dropped,"  \
    "changed_ms,expires_ms"
#define ATL_DRAFT_MARKS ATL_MARKS_20 "," ATL_MARKS_5 ",?,?,?,?" // 29
#define ATL_ORDER_COLUMNS                                                                          \
    "id,code,uuid,store,workstation,business_day,currency,sequence,is_training,language,is_gift,"  \
    "is_buyer_only,needed_by_ms,hand_over,contact,token,gift_token,pin,salt,employee,"             \
    "total_minor,piece_count,issue,created_ms,created_offset_min,consent_ms,erased_ms"
#define ATL_ORDER_MARKS  ATL_MARKS_20 "," ATL_MARKS_5 ",?,?" // 27
#define ATL_LINK_COLUMNS "order_id,sha256,scope,is_revoked"
#define ATL_PIECE_COLUMNS                                                                          \
    "id,order_id,code,number,line_ref,unit_index,kind,stage,back,attempt,version,tag_revision,"    \
    "place,sku,variant,price_minor,work_s,promise_from_ms,promise_until_ms,said_from_ms,"          \
    "said_until_ms,proof_number,proof_state,proof_kind,proof_digest,stitch_count,sign_how,sign_"   \
    "employee,"                                                                                    \
    "sign_ms,sign_hash,scarce,bound_tag,is_late,told_ms,stage_ms,started_ms,made_ms,created_ms"
#define ATL_PIECE_MARKS    ATL_MARKS_20 "," ATL_MARKS_10 "," ATL_MARKS_5 ",?,?,?" // 38
#define ATL_ANSWER_COLUMNS "piece_id,bytes,words,initials"
#define ATL_EVENT_COLUMNS                                                                          \
    "sequence,id,order_id,piece_id,kind,act,from_stage,from_back,to_stage,attempt,version,undoes," \
    "origin,employee,station,device,why,at_ms,offset_min,has_text_mac,text_mac,previous,hash"
#define ATL_EVENT_MARKS ATL_MARKS_20 ",?,?,?" // 23
#define ATL_JOB_COLUMNS                                                                            \
    "n,document,state,device,order_id,piece_id,code,revision,attempt,copy,copy_of,created_ms,"     \
    "due_ms,expires_ms,lease_ms,ended_ms,why,evidence"
#define ATL_JOB_MARKS         ATL_MARKS_10 "," ATL_MARKS_5 ",?,?,?" // 18
#define ATL_SHEET_COLUMNS     "n,json"
#define ATL_OUTBOX_COLUMNS    "sequence,id,type,subject,attempt,version,at_ms,data,quarantine"
#define ATL_REQUEST_COLUMNS   "sequence,id,type,data,received_ms,state,reason,answered_ms"
#define ATL_IDEM_COLUMNS      "key,call,request,order_id,at_ms,answer"
#define ATL_DEVICE_COLUMNS    "name,bits,trouble,since_ms,seen_ms"
#define ATL_RUN_COLUMNS       "n,state,machine,sku,yarn,hoop,employee,created_ms"
#define ATL_RUN_MARKS         ATL_MARKS_5 ",?,?,?" // 8
#define ATL_RUN_PIECE_COLUMNS "run,position,piece_id"
#define ATL_META_COLUMNS      "name,value"

#endif
