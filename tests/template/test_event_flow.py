"""How events leave the table: the stream's reader, the queues, and who reads them."""

import json

from engines.template import functions, resources, template
from paylink.domain.delivery import MESSAGE_SCHEDULE, WEBHOOK_SCHEDULE
from paylink_local.patterns import matches

QUEUES = resources("AWS::SQS::Queue")
FUNCTIONS = functions()
FORTNIGHT = 14 * 86_400


def test_publish_reads_the_stream_and_reports_what_failed() -> None:
    [source] = FUNCTIONS["Publish"]["Events"].values()
    properties = source["Properties"]
    assert source["Type"] == "DynamoDB"
    assert properties["Stream"] == {"Fn::GetAtt": ["Table", "StreamArn"]}
    assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert properties["BisectBatchOnFunctionError"] is True
    assert 0 < properties["MaximumRetryAttempts"] <= 10_000
    assert 0 < properties["MaximumRecordAgeInSeconds"] <= 86_400, "a stream keeps a day"
    failed = properties["DestinationConfig"]["OnFailure"]
    assert failed == {"Type": "SQS", "Destination": {"Fn::GetAtt": ["StreamFailures", "Arn"]}}
    assert properties["StartingPosition"] == "TRIM_HORIZON", "nothing before the first reading is lost"


def test_only_orders_reach_publish() -> None:
    [source] = FUNCTIONS["Publish"]["Events"].values()
    [pattern] = [json.loads(one["Pattern"]) for one in source["Properties"]["FilterCriteria"]["Filters"]]

    def reaches(name: str, sort: str) -> bool:
        keys = {"pk": {"S": "pl_1"}, "sk": {"S": sort}}
        return matches(pattern, {"eventName": name, "dynamodb": {"Keys": keys}})

    assert reaches("INSERT", "order")
    assert reaches("MODIFY", "order")
    assert not reaches("REMOVE", "order"), "a row that is forgotten is no event"
    for other in ("contacts", "watch", "sent#email#evt_1", "link", "places"):
        assert not reaches("MODIFY", other)


def test_deliver_works_its_queue_and_leaves_room_for_buyers() -> None:
    [source] = FUNCTIONS["Deliver"]["Events"].values()
    properties = source["Properties"]
    assert source["Type"] == "SQS"
    assert properties["Queue"] == {"Fn::GetAtt": ["DeliveryQueue", "Arn"]}
    assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert properties["ScalingConfig"] == {"MaximumConcurrency": 2}
    # A receiver may take 15 s.
    assert properties["BatchSize"] * 15 < FUNCTIONS["Deliver"]["Timeout"]


def test_the_queue_waits_longer_than_the_function_runs() -> None:
    assert QUEUES["DeliveryQueue"]["Properties"]["VisibilityTimeout"] >= 6 * FUNCTIONS["Deliver"]["Timeout"]


def test_a_message_outlives_its_schedule_and_ends_in_the_dead_letters() -> None:
    properties = QUEUES["DeliveryQueue"]["Properties"]
    assert properties["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["DeadLetters", "Arn"]}
    for schedule in (WEBHOOK_SCHEDULE, MESSAGE_SCHEDULE):
        assert 3 * len(schedule.offsets) < properties["RedrivePolicy"]["maxReceiveCount"]
        assert 2 * schedule.offsets[-1][0] < properties["MessageRetentionPeriod"]


def test_every_queue_is_encrypted_and_keeps_a_fortnight() -> None:
    assert set(QUEUES) == {"DeliveryQueue", "DeadLetters", "UnpublishedQueue", "StreamFailures"}
    for name, queue in QUEUES.items():
        assert queue["Properties"]["SqsManagedSseEnabled"] is True, name
        assert queue["Properties"]["MessageRetentionPeriod"] == FORTNIGHT, name
        assert "QueueName" not in queue["Properties"], name


def test_mail_goes_to_the_one_address_that_was_given() -> None:
    subscription = resources("AWS::SNS::Subscription")["MessageSubscription"]
    assert subscription["Condition"] == "HasMessageEmail"
    assert subscription["Properties"] == {
        "TopicArn": {"Ref": "MessageTopic"},
        "Protocol": "email",
        "Endpoint": {"Ref": "MessageEmail"},
    }
    empty = {"Fn::Equals": [{"Ref": "MessageEmail"}, ""]}
    assert template()["Conditions"]["HasMessageEmail"] == {"Fn::Not": [empty]}
