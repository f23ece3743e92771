internal import GerbangCore
internal import GerbangJSON

/// What the agency means by a code inside a response: a decision about the request, not trouble with the message.
package enum BusinessMeaning: String, Sendable, Hashable, CaseIterable {
    /// No vehicle has the plate.
    case vehicleUnknown
    /// There is no such inspection station.
    case stationUnknown
    /// The station has no slot left on the day.
    case stationFull
    /// The day has passed or cannot be booked.
    case dateNotPossible
    /// No booking has the reference.
    case bookingUnknown
    /// The agency finds the input wrong for another reason.
    case inputInvalid
    /// The agency says that it already has a booking with the reference.
    case duplicateReference
    /// The day's quota is used up.
    case quotaExhausted
    /// The agency does not work at this hour.
    case outsideHours
    /// The agency cannot do it now; nothing was done.
    case tryLater

    /// The codes of the interface that ships in `Schemas/wsdl`.
    package static let defaultCodes: [String: BusinessMeaning] = [
        "VEHICLE_NOT_FOUND": .vehicleUnknown,
        "STATION_NOT_FOUND": .stationUnknown,
        "STATION_FULL": .stationFull,
        "DATE_NOT_POSSIBLE": .dateNotPossible,
        "BOOKING_NOT_FOUND": .bookingUnknown,
        "INPUT_INVALID": .inputInvalid,
        "DUPLICATE_REFERENCE": .duplicateReference,
        "QUOTA_EXHAUSTED": .quotaExhausted,
        "OUTSIDE_HOURS": .outsideHours,
        "TRY_LATER": .tryLater,
    ]

    /// How long a closed agency is left alone before it is asked again.
    static let recheckWhenClosed = Duration.seconds(15 * 60)

    /// The verdict on a code, known or not.
    static func verdict(on meaning: BusinessMeaning?, code: String?, for call: AdapterCall) -> Verdict {
        func error(
            _ errorCode: GerbangError.Code,
            _ message: String,
            field: String? = nil,
            _ texts: LocalizedText? = nil
        )
            -> GerbangError
        {
            let field = field.map { JSONPointer.root.appending($0) }
            return GerbangError(errorCode, message, field: field, agencyCode: code, texts: texts)
        }
        switch meaning {
        case .vehicleUnknown:
            return .rejected(error(.agencyNotFound, "no vehicle has this plate", field: "plate", Texts.vehicleUnknown))
        case .stationUnknown:
            return .invalid(
                error(.agencyInvalidInput, "there is no such station", field: "station", Texts.stationUnknown)
            )
        case .stationFull:
            return .rejected(
                error(.agencyRejected, "the station is full on this day", field: "date", Texts.stationFull)
            )
        case .dateNotPossible:
            return .rejected(error(.agencyRejected, "the day cannot be booked", field: "date", Texts.dateNotPossible))
        case .bookingUnknown:
            return .rejected(error(.agencyNotFound, "no booking has this reference"))
        case .inputInvalid:
            return .invalid(error(.agencyInvalidInput, "the agency finds the input wrong"))
        case .duplicateReference:
            let doubt = error(.outcomeUnknown, "the agency says that it already has a booking with this reference")
            return call.operation.effect.isRepeatable ? .transient(doubt) : .inDoubt(doubt)
        case .quotaExhausted:
            let midnight = call.now.nextMidnight(in: call.request.submission.region.zone)
            return .throttled(error(.agencyQuotaExhausted, "the day's quota is used up"), until: midnight)
        case .outsideHours:
            let error = error(.agencyOutsideHours, "the agency does not work at this hour")
            return .throttled(error, until: call.now + recheckWhenClosed)
        case .tryLater:
            return .transient(error(.agencyUnavailable, "the agency cannot do it now"))
        case nil:
            return .rejected(error(.agencyRejected, "the agency decided against it"))
        }
    }
}

private enum Texts {
    static let vehicleUnknown = LocalizedText(
        id: "Kendaraan dengan nomor polisi ini tidak terdaftar; mohon periksa kembali nomornya.",
        en: "No vehicle is registered with this number plate; please check the number."
    )
    static let stationUnknown = LocalizedText(
        id: "Tempat uji yang dipilih tidak dikenal.",
        en: "The chosen inspection station is not known."
    )
    static let stationFull = LocalizedText(
        id: "Tempat uji sudah penuh pada tanggal tersebut; silakan pilih tanggal atau tempat lain.",
        en: "The station is full on that day; please choose another day or station."
    )
    static let dateNotPossible = LocalizedText(
        id: "Tanggal tersebut tidak dapat dipesan; silakan pilih tanggal lain.",
        en: "That day cannot be booked; please choose another one."
    )
}
