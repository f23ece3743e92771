internal import GerbangCore
internal import GerbangJSON

/// Which permit is meant: the identifiers that the system gave to a business, a project and its permit.
struct PermitReference {
    static let fields = ["nib", "ossId", "projectId", "permitId", "permitCode"]

    var nib: String
    var ossID: String
    var projectID: String
    var permitID: String
    /// `kd_izin`, 12 digits.
    var permitCode: String

    init(_ reader: PayloadReader) throws(GerbangError) {
        nib = try reader.required("nib", reader.digits("nib", 13...13))
        ossID = try reader.required("ossId", reader.identifier("ossId"))
        projectID = try reader.required("projectId", reader.identifier("projectId"))
        permitID = try reader.required("permitId", reader.identifier("permitId"))
        permitCode = try reader.required("permitCode", reader.digits("permitCode", 12...12))
    }
}

/// The input of `licensing.permit.report-status`, checked.
struct StatusReport {
    var permit: PermitReference
    var productID: String?
    var status: PermitStatus
    var decidedAt: Timestamp?
    var officerNIP: String?
    var officerName: String?
    var note: String?
    var attachmentURL: String?
    var isFormApproved: Bool?
    var billing: StateBilling?

    private static let fields =
        PermitReference.fields + [
            "productId", "status", "previousStatus", "decidedAt", "officer", "note", "attachmentUrl", "formApproved",
            "billing",
        ]
    /// How far the clock of whoever decided may be ahead of ours.
    private static let tolerance = Duration.seconds(300)

    init(_ payload: JSONValue, now: Timestamp) throws(GerbangError) {
        let reader = try PayloadReader(payload, allowed: Self.fields)
        permit = try PermitReference(reader)
        productID = try reader.identifier("productId")
        status = try reader.required("status", reader.status("status"))
        _ = try reader.status("previousStatus")
        decidedAt = try reader.moment("decidedAt")
        if let decidedAt, decidedAt > now + Self.tolerance {
            throw reader.invalid("decidedAt", "must not lie in the future")
        }
        let officer = try reader.nested("officer", allowed: ["nip", "name"])
        officerNIP = try officer?.text("nip", maximum: 50)
        officerName = try officer?.text("name", maximum: 50)
        note = try reader.text("note", maximum: 2000, lines: true)
        attachmentURL = try reader.url("attachmentUrl", maximum: 2000)
        isFormApproved = try reader.bool("formApproved")
        let billingFields = try reader.nested("billing", allowed: StateBilling.fields)
        billing = try billingFields.map { billing throws(GerbangError) in try StateBilling(billing) }
    }
}

/// What the applicant owes the state (PNBP).
struct StateBilling {
    static let fields = [
        "accountCode", "revenueCode", "billingCode", "billedOn", "expiresOn", "amount", "documentUrl",
    ]

    var accountCode: String?
    var revenueCode: String?
    var billingCode: String
    var billedOn: CivilDate?
    var expiresOn: CivilDate?
    /// Rupiah.
    var amount: Int
    var documentURL: String?

    init(_ reader: PayloadReader) throws(GerbangError) {
        accountCode = try reader.text("accountCode", maximum: 20)
        revenueCode = try reader.text("revenueCode", maximum: 20)
        billingCode = try reader.required("billingCode", reader.text("billingCode", maximum: 50))
        billedOn = try reader.date("billedOn")
        expiresOn = try reader.date("expiresOn")
        amount = try reader.required("amount", reader.int("amount", in: 0...999_999_999_999_999))
        documentURL = try reader.url("documentUrl", maximum: 255)
    }
}

/// The input of `licensing.permit.issue`, checked.
struct IssuedPermit {
    var permit: PermitReference
    /// Where the permit holds.
    var region: Region
    var number: String
    var issuedOn: CivilDate
    var validUntil: CivilDate?
    var signatoryName: String
    var signatoryNIP: String
    var signatoryTitle: String
    var status: PermitStatus
    var fileURL: String?
    var attachmentURL: String?
    var note: String?
    var numberScheme: String?
    var validMonths: Int?
    var validYears: Int?
    var permitType: String?
    var technicalData: JSONObject?

    private static let fields =
        PermitReference.fields + [
            "region", "permitNumber", "issuedOn", "validUntil", "signatory", "status", "previousStatus", "fileUrl",
            "attachmentUrl", "note", "numberScheme", "validMonths", "validYears", "permitType", "technicalData",
        ]

    /// - Parameter region: The region of the request, which holds unless the payload names another.
    init(_ payload: JSONValue, region: Region) throws(GerbangError) {
        let reader = try PayloadReader(payload, allowed: Self.fields)
        permit = try PermitReference(reader)
        self.region = try Self.region(reader) ?? region
        guard self.region != .nation else {
            throw reader.invalid("region", "must be a province or smaller: OSS has no code for the whole nation")
        }
        number = try reader.required("permitNumber", reader.text("permitNumber", maximum: 50))
        issuedOn = try reader.required("issuedOn", reader.date("issuedOn"))
        validUntil = try reader.date("validUntil")
        if let validUntil, validUntil < issuedOn {
            throw reader.invalid("validUntil", "must not be earlier than issuedOn")
        }
        let signatoryFields = try reader.nested("signatory", allowed: ["name", "nip", "title"])
        let signatory = try reader.required("signatory", signatoryFields)
        signatoryName = try signatory.required("name", signatory.text("name", maximum: 50))
        signatoryNIP = try signatory.required("nip", signatory.text("nip", maximum: 25))
        signatoryTitle = try signatory.required("title", signatory.text("title", maximum: 150))
        status = try reader.status("status") ?? .approved
        _ = try reader.status("previousStatus")
        fileURL = try reader.url("fileUrl", maximum: 2000)
        attachmentURL = try reader.url("attachmentUrl", maximum: 2000)
        note = try reader.text("note", maximum: 2000, lines: true)
        numberScheme = try reader.text("numberScheme", maximum: 255)
        validMonths = try reader.int("validMonths", in: 0...99_999)
        validYears = try reader.int("validYears", in: 0...99_999)
        permitType = try reader.text("permitType", maximum: 3)
        technicalData = try Self.technicalData(reader)
    }

    private static func region(_ reader: PayloadReader) throws(GerbangError) -> Region? {
        guard let text = try reader.text("region", maximum: 13) else { return nil }
        do throws(GerbangError) {
            return try Region(text)
        } catch {
            throw reader.invalid("region", error.message)
        }
    }

    /// Fields that depend on the kind of permit; they are passed on as they are.
    private static func technicalData(_ reader: PayloadReader) throws(GerbangError) -> JSONObject? {
        guard let value = reader.json("technicalData") else { return nil }
        guard let object = value.objectValue, object.count <= 50,
            object.values.allSatisfy({ $0.stringValue.map { $0.utf8.count <= 500 } ?? ($0.numberValue != nil) })
        else {
            throw reader.invalid("technicalData", "must be an object of at most 50 short texts and numbers")
        }
        return object
    }
}

/// The input of `licensing.permit.status`, or the part of another request's input that an inquiry needs.
struct StatusQuery {
    var permitID: String

    /// - Parameter isInquiry: Whether the payload is that of the request whose fate is asked for.
    init(_ payload: JSONValue, isInquiry: Bool) throws(GerbangError) {
        let allowed = isInquiry ? payload.objectValue?.keys ?? [] : ["permitId"]
        let reader = try PayloadReader(payload, allowed: allowed)
        permitID = try reader.required("permitId", reader.identifier("permitId"))
    }
}
