"""What of documents and care is told to those alone who are asked for something, or whose request is answered."""

from intake.extension_points import Told

TOLD = (
    Told("document_to_review", "函单待审核", "拟制单位"),
    Told("document_to_sign", "函单待签发", "有权签发的人员"),
    Told("document_sent_back", "函单被退回修改", "拟制人"),
    Told("document_issued", "函单请签收", "接收单位"),
    Told("document_near", "函单快到期", "接收单位"),
    Told("document_leader", "红色督办发出、逾期未答复", "当地领导"),
    Told("document_voided", "函单作废", "接收单位"),
    Told("document_returned", "函单被退回", "发文单位"),
    Told("document_answered", "函单已答复", "发文单位"),
    Told("document_extension", "函单申请延期、延期的决定", "发文单位；申请单位"),
    Told("answer_decided", "答复认可、退回", "答复单位"),
    Told("care_visit_due", "特殊关爱随访到期", "负责中心和知悉单位"),
)
