"""The case and all that hangs on it."""

from intake.models.archive import ArchiveCondition, ConditionSource
from intake.models.attachment import Attachment
from intake.models.attention import LeaderInCharge, Suspension, SuspensionKind
from intake.models.autosave import EntryAutosave
from intake.models.case import Case, Channel, Complexity, ExternalReference, Outcome, Risk, Road, Scale, Tier
from intake.models.category import Category
from intake.models.change import CaseChange, FeedEpoch
from intake.models.correction import CorrectedValue, Correction
from intake.models.counter import Counter
from intake.models.follow_up import ContactWay, FollowUp, Performance, Satisfaction
from intake.models.grading import GradeChange
from intake.models.group import MemberConsent, Membership
from intake.models.guidance import DeclineGround, Guidance, GuidanceEnd, GuidanceWay
from intake.models.handling import CloseReason, Handling, HandlingKind, HandlingPart, ReturnRequest, SuggestedBy
from intake.models.hazard import HazardCase
from intake.models.knowledge import Knowledge, KnowledgeKind
from intake.models.merging import Merger, RepeatLink
from intake.models.party import Capacity, PaperKind, Party, PartyKind, PartyRole, PartySide
from intake.models.personal_data import (
    DataRequest,
    DataRequestKind,
    DataRequestState,
    ErasureGround,
    RestrictedParty,
    Restriction,
)
from intake.models.place import CasePlace
from intake.models.restriction import CaseReader, ComplaintDecision, Responder
from intake.models.road import RoadCorrection, RoadTaken
from intake.models.saved_views import SavedView
from intake.models.standing_back import CaseRecusal, RecusalGround
from intake.models.status import StatusChange
from intake.models.taken_over import TakenOverCase
from intake.models.tier import MoveCause, TierMove
from intake.models.upload import ResumableUpload, UploadPart
from intake.models.violence import ViolenceMark
from intake.models.work_note import Direction, Mention, NoteKind, WorkNote

__all__ = [
    "ArchiveCondition",
    "Attachment",
    "Capacity",
    "Case",
    "CaseChange",
    "CasePlace",
    "CaseReader",
    "CaseRecusal",
    "Category",
    "Channel",
    "CloseReason",
    "ComplaintDecision",
    "Complexity",
    "ConditionSource",
    "ContactWay",
    "CorrectedValue",
    "Correction",
    "Counter",
    "DataRequest",
    "DataRequestKind",
    "DataRequestState",
    "DeclineGround",
    "Direction",
    "EntryAutosave",
    "ErasureGround",
    "ExternalReference",
    "FeedEpoch",
    "FollowUp",
    "GradeChange",
    "Guidance",
    "GuidanceEnd",
    "GuidanceWay",
    "Handling",
    "HandlingKind",
    "HandlingPart",
    "HazardCase",
    "Knowledge",
    "KnowledgeKind",
    "LeaderInCharge",
    "MemberConsent",
    "Membership",
    "Mention",
    "Merger",
    "MoveCause",
    "NoteKind",
    "Outcome",
    "PaperKind",
    "Party",
    "PartyKind",
    "PartyRole",
    "PartySide",
    "Performance",
    "RecusalGround",
    "RepeatLink",
    "Responder",
    "RestrictedParty",
    "Restriction",
    "ResumableUpload",
    "ReturnRequest",
    "Risk",
    "Road",
    "RoadCorrection",
    "RoadTaken",
    "Satisfaction",
    "SavedView",
    "Scale",
    "StatusChange",
    "SuggestedBy",
    "Suspension",
    "SuspensionKind",
    "TakenOverCase",
    "Tier",
    "TierMove",
    "UploadPart",
    "ViolenceMark",
    "WorkNote",
]
