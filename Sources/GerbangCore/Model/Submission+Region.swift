public import GerbangJSON

extension Submission {
    /// Creates a submission for a region that is given by its code.
    ///
    /// - Parameters:
    ///   - service: The service asked for.
    ///   - region: A Kemendagri code such as `31.74`, or `ID` for the nation.
    ///   - key: The idempotency key: made from what the citizen does, not from the call, so that doing it twice by
    ///     accident is one request.
    ///   - applicant: On whose behalf.
    ///   - channel: How it reached the backend.
    ///   - officer: Who submits it on the applicant's behalf, at a counter.
    ///   - officer: Who submits it on the applicant's behalf; required over ``Channel/counter``.
    ///   - payload: The service's input.
    /// - Throws: ``GerbangError/Code/unknownRegion``.
    public init(
        _ service: ServiceID,
        in region: String,
        key: String,
        applicant: Applicant = Applicant(),
        channel: Channel = .online,
        officer: Officer? = nil,
        payload: JSONValue
    ) throws(GerbangError) {
        self.init(
            service: service,
            region: try Region(region),
            applicant: applicant,
            channel: channel,
            officer: officer,
            payload: payload,
            idempotencyKey: key
        )
    }
}
