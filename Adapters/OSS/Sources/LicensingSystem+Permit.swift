internal import GerbangCore
internal import GerbangJSON

/// The status of a permit: reported, asked for, and as the proof of what became of a doubtful call.
extension LicensingSystem {
    /// What a report has achieved.
    func reportedOutput(for call: AdapterCall) -> JSONValue? {
        guard let report = try? StatusReport(call.payload, now: call.now) else { return nil }
        let moment = OSSTime.wholeSecond(report.decidedAt ?? call.request.acceptedAt)
        return [
            "permitId": .string(report.permit.permitID), "status": report.status.json(),
            "statusAt": .string(moment.text(in: .wib)),
        ]
    }

    /// What handing in a permit has achieved; OSS may give the permit another number than the office did.
    func issuedOutput(number: String?, attachment: String?, for call: AdapterCall) -> JSONValue? {
        guard let issued = try? IssuedPermit(call.payload, region: call.request.submission.region) else { return nil }
        var output: JSONObject = [
            "permitId": .string(issued.permit.permitID), "permitNumber": .string(number ?? issued.number),
            "status": issued.status.json(),
        ]
        output["attachmentUrl"] = attachment.map { .string($0) }
        return .object(output)
    }

    /// The answer to `checkLicenseStatus` as the output of `licensing.permit.status`.
    func permitStatus(in record: OSSRecord, for call: AdapterCall) -> Verdict {
        guard let present = PresentStatus(record, permitID: call.payload["permitId"]?.stringValue) else {
            return call.unreadable("the answer has no status of the permit that was asked for")
        }
        var output: JSONObject = [
            "permitId": .string(present.permitID), "status": present.status.json(agencyText: present.text),
        ]
        output["nib"] = present.data.text("nib").map { .string($0) }
        output["projectId"] = present.data.text("id_proyek").map { .string($0) }
        output["attachmentUrl"] = present.data.text("file_lampiran").map { .string($0) }
        return .succeeded(output: .object(output))
    }

    /// What the present status of the permit says about the call that is in doubt.
    ///
    /// OSS keeps no key of ours and tells the present status only. It proves that the call was carried out when it is
    /// the one sent and was another before, and that it was not when it still is the one before. Any other status may
    /// have come after ours: sending ours again would take the permit back, so that an operator has to say.
    func finding(in record: OSSRecord, for call: AdapterCall) -> Finding {
        guard let present = PresentStatus(record, permitID: call.payload["permitId"]?.stringValue) else {
            return .unclear(GerbangError(.agencyUnreadable, "no status of the permit that was asked for"))
        }
        let isIssue = call.request.operation == OSSOperation.receiveLicense.id
        let sent = call.payload["status"]?.stringValue ?? PermitStatus.approved.code
        let previous = call.payload["previousStatus"]?.stringValue
        guard previous != sent else {
            return unclear(present, "the permit had the status before the call, so that it proves nothing")
        }
        switch present.status.code {
        case sent where isIssue && previous == nil:
            return unclear(present, "the permit has the status, but may have had it before the call")
        case sent:
            let output = isIssue ? issuedOutput(number: nil, attachment: nil, for: call) : reportedOutput(for: call)
            return output.map { .done(output: $0) } ?? unclear(present, "the request cannot be read again")
        case previous:
            return .notDone
        default:
            return unclear(present, "the permit has another status, which may have come before or after the call")
        }
    }

    private func unclear(_ present: PresentStatus, _ message: String) -> Finding {
        .unclear(GerbangError(.outcomeUnknown, message, agencyCode: present.status.code))
    }
}

/// The status that a permit has at OSS.
private struct PresentStatus {
    var permitID: String
    var status: PermitStatus
    /// The system's own name for the status.
    var text: String?
    var data: OSSRecord

    /// `nil` when the answer is about another permit or has no status.
    init?(_ record: OSSRecord, permitID: String?) {
        guard let data = record.record("dataizin"), let permitID, data.text("id_izin") == permitID,
            let code = LenientText.twoDigits(data.text("kd_status"))
        else { return nil }
        self.permitID = permitID
        self.data = data
        status = PermitStatus(code: code)
        text = data.text("uraian_status")
    }
}
