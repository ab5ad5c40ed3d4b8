"""What of documents and care is told to those alone who are asked for something, or whose request is answered."""

from intake.extension_points import DirectNotice

DIRECT_NOTICES = (
    DirectNotice("document_to_review", "函单待审核", "拟制单位"),
    DirectNotice("document_to_sign", "函单待签发", "有权签发的人员"),
    DirectNotice("document_sent_back", "函单被退回修改", "拟制人"),
    DirectNotice("document_issued", "函单请签收", "接收单位"),
    DirectNotice("document_near", "函单快到期", "接收单位"),
    DirectNotice("document_leader", "红色督办发出、逾期未答复", "当地领导"),
    DirectNotice("document_voided", "函单作废", "接收单位"),
    DirectNotice("document_returned", "函单被退回", "发文单位"),
    DirectNotice("document_answered", "函单已答复", "发文单位"),
    DirectNotice("document_extension", "函单申请延期、延期的决定", "发文单位；申请单位"),
    DirectNotice("answer_decided", "答复认可、退回", "答复单位"),
    DirectNotice("care_visit_due", "特殊关爱随访到期", "负责中心和知悉单位"),
)
