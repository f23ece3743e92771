internal import GerbangCore

/// What the registry's response codes mean for a request.
extension CivilRegistry {
    /// The verdict on an answer that consists of `code` alone.
    func verdict(on code: ResponseCode, for call: AdapterCall) -> Verdict {
        switch code {
        case .found:
            return call.unreadable("the registry says that it found the person, but sends no data")
        case .deceased, .duplicate, .inactive:
            return .rejected(withheld(code))
        case .notFound:
            return .rejected(error(.agencyNotFound, code, "the registry has no such NIK", CodeTexts.unknownNIK))
        case .quotaExhausted:
            return .throttled(
                error(.agencyQuotaExhausted, code, "the quota of the day is used up"),
                until: nextDay(after: call.now)
            )
        case .outsideAccessHours:
            return .throttled(
                error(.agencyOutsideHours, code, "the registry gives no access at this hour"),
                until: nextOpening(after: call.now)
            )
        case .loginFailed:
            return unauthorized(code, "wrong userId or password")
        case .addressIncorrect, .addressInvalid:
            return unauthorized(code, "our address is not the registered one; check clientAddress and the route")
        case .credentialsEmpty:
            // The table calls this an input error, but the fields that are empty are ours, not the citizen's.
            return unauthorized(code, "userId, password or clientAddress arrived empty; check credentialNames")
        case .institutionInactive:
            return unauthorized(code, "the institution is not active")
        case .userInactive:
            return unauthorized(code, "the userId is not active")
        case .parametersIncomplete:
            return .invalid(error(.agencyInvalidInput, code, "the registry misses a parameter"))
        case .unprocessableNIK:
            return .invalid(invalidNIK(code, "the registry cannot process this NIK"))
        case .malformedNIK:
            return .invalid(invalidNIK(code, "the NIK does not have the registry's format"))
        }
    }

    /// The verdict on a code that is not in the table.
    ///
    /// It is a decision about this request that we cannot read. The same call would get the same code and cost the
    /// day's quota each time, so it ends here; a query is easily submitted again.
    func verdict(onUnknown code: String) -> Verdict {
        .rejected(
            GerbangError(
                .agencyRejected,
                "the registry answers with a code that this adapter does not know",
                agencyCode: code,
                texts: CodeTexts.unknownCode
            )
        )
    }

    private func unauthorized(_ code: ResponseCode, _ message: String) -> Verdict {
        .unauthorized(error(.agencyUnauthorized, code, message))
    }

    private func error(
        _ kind: GerbangError.Code,
        _ code: ResponseCode,
        _ message: String,
        _ texts: LocalizedText? = nil
    ) -> GerbangError {
        GerbangError(kind, message, agencyCode: code.rawValue, texts: texts)
    }

    private func invalidNIK(_ code: ResponseCode, _ message: String) -> GerbangError {
        var error = error(.agencyInvalidInput, code, message, CodeTexts.wrongNIK)
        error.field = CivilRegistry.nikField
        return error
    }

    /// The registry has the person and a remark, and keeps the data back.
    private func withheld(_ code: ResponseCode) -> GerbangError {
        let (message, texts) =
            switch code {
            case .deceased: ("the registry has the person as deceased and sends no data", CodeTexts.deceased)
            case .duplicate: ("the registry has duplicate data for this NIK and sends none", CodeTexts.duplicate)
            default: ("the registry has the NIK as inactive and sends no data", CodeTexts.inactive)
            }
        return error(.agencyRejected, code, message, texts)
    }
}

/// When the registry takes calls again.
extension CivilRegistry {
    /// How far the registry's clock and ours may differ: so soon after the turn, "not yet" means minutes, not a day.
    private static let tolerance: Duration = .seconds(300)

    /// The start of the next quota.
    func nextDay(after now: Timestamp) -> Timestamp {
        let sinceMidnight = Duration.seconds(now.secondOfDay(in: settings.zone))
        return sinceMidnight < Self.tolerance ? now + Self.tolerance : now.nextMidnight(in: settings.zone)
    }

    /// The next start of the access hours.
    func nextOpening(after now: Timestamp) -> Timestamp {
        let tomorrow = now.nextMidnight(in: settings.zone) + .seconds(settings.opensAt)
        let today = tomorrow + .seconds(-86_400)
        if now < today { return today }
        return now - today < Self.tolerance ? now + Self.tolerance : tomorrow
    }
}
