"""The OCPP messages of the simulated log: the lines of the real log, character for character, where it has them."""

from sniffer.simulator import ocpp_texts

NOW = 1_712_126_183 * 1_000_000_000 + 999_999_999


def test_a_status_notification_is_printed_as_in_the_real_log() -> None:
    payload = ocpp_texts.status_notification(1, "Preparing", "NoError", NOW)
    assert ocpp_texts.format_call("msg006", "StatusNotification", payload) == (
        '=>CSMS:[2,"msg006","StatusNotification",{ "connectorId": 1, "errorCode": "NoError", "status": "Preparing",'
        ' "timestamp": "2024-04-03T06:36:23.000Z", "vendorId": "StarCharge" }]'
    )


def test_a_boot_notification_is_printed_as_in_the_real_log() -> None:
    assert ocpp_texts.format_call("msg008", "BootNotification", ocpp_texts.boot_notification("20000001")) == (
        '=>CSMS:[2,"msg008","BootNotification",{ "chargePointVendor": "StarCharge", "chargePointModel": "Aurora",'
        ' "chargePointSerialNumber": "20000001", "firmwareVersion": "1.0.0.0.7b107_MG", "iccid": "", "imsi": "" }]'
    )


def test_a_call_of_the_central_system_and_its_result_are_printed_as_in_the_real_log() -> None:
    payload = {"key": "MeterValuesSampledData", "value": "Current.Import"}
    assert ocpp_texts.format_central_call("msg009", "ChangeConfiguration", payload) == (
        '<=CSMS:[2,"msg009","ChangeConfiguration",{"key":"MeterValuesSampledData","value":"Current.Import"}]'
    )
    assert ocpp_texts.format_result("msg009", {"status": "Accepted"}) == '=>CSMS:[3,"msg009",{"status":"Accepted"}]'


def test_the_result_of_a_boot_notification_says_whether_the_charger_is_accepted() -> None:
    accepted = ocpp_texts.boot_result(accepted=True, now=NOW)
    assert ocpp_texts.format_central_result("msg008", accepted) == (
        '<=CSMS:[3,"msg008",{"status":"Accepted","currentTime":"2024-04-03T06:36:23.000Z","interval":300}]'
    )
    assert ocpp_texts.boot_result(accepted=False, now=NOW)["status"] == "Pending"


def test_meter_values_hold_the_energy() -> None:
    assert ocpp_texts.meter_values(1, {"energy": 223_710}, NOW) == {
        "connectorId": 1,
        "meterValue": [
            {
                "timestamp": "2024-04-03T06:36:23.000Z",
                "sampledValue": [{"value": "223710", "measurand": "Energy.Active.Import.Register", "unit": "Wh"}],
            }
        ],
    }


def test_ids_count_the_calls() -> None:
    ids = ocpp_texts.CallIds()
    assert [ids.next(), ids.next()] == ["msg001", "msg002"]
