internal import GerbangCore
internal import GerbangJSON
internal import OSSSimulator

/// What a client wants, with the key under which it says so, however often it has to.
struct Wish: Sendable, Hashable {
    /// A service that is asked for.
    enum Service: String, Sendable, CaseIterable {
        case book = "transport.inspection.book"
        case reportStatus = "licensing.permit.report-status"
        case registerEncounter = "health.encounter.register"
        case verify = "population.identity.verify"
        case lookUp = "population.person.lookup"

        /// Whether doing it twice would be wrong.
        var mustBeDoneOnce: Bool { effect != nil }

        /// The operation that has the effect; `nil` when there is none to speak of.
        var effect: String? {
            switch self {
            case .book: "book-inspection"
            case .reportStatus: "receive-license-status"
            case .registerEncounter: "register-encounter"
            case .verify, .lookUp: nil
            }
        }

        /// The field of the output that has the agency's number of the effect; `nil` when it gives none.
        var referenceField: String? {
            switch self {
            case .book: "bookingNumber"
            case .registerEncounter: "encounterId"
            case .reportStatus, .verify, .lookUp: nil
            }
        }
    }

    let service: Service
    let key: String
    /// Where to tell of it; `nil` when nobody wants to be told.
    let callback: String?
    let body: JSONValue

    /// Something that somebody might want; every other time with a call back to `callback`.
    init(number: Int, dice: Dice, callback: String?) {
        let services = [Service.book, .book, .reportStatus, .registerEncounter, .verify, .lookUp]
        let service = dice.pick(services) ?? .book
        self.init(
            service,
            key: "wish-\(number)",
            payload: Self.payload(for: service, number: number, dice),
            callback: dice.chance(0.5) ? callback : nil
        )
    }

    init(_ service: Service, key: String, payload: JSONValue, callback: String? = nil) {
        self.service = service
        self.key = key
        self.callback = callback
        var body: JSONObject = ["service": .string(service.rawValue), "region": "31.74", "payload": payload]
        body["callback"] = callback.map { ["url": .string($0)] }
        self.body = .object(body)
    }

    /// A booking that can be made.
    static func booking(key: String) -> Wish {
        Wish(.book, key: key, payload: ["plate": "B 9012 TRK", "station": "JKT-PULOGADUNG", "date": day(7)])
    }

    /// The data of an invented person that the registry knows.
    static let nik = "3174015708900003"
    static let name = "SITI CONTOH"

    private static func payload(for service: Service, number: Int, _ dice: Dice) -> JSONValue {
        // The last of each does not exist, or is full: the agency decides against it.
        let plates = ["B 1234 XYZ", "B 9012 TRK", "B 7001 BUS", "D 4321 ABC"]
        let stations = ["JKT-PULOGADUNG", "JKT-UJUNGMENTENG", "BDG-GEDEBAGE", "SBY-TANDES", "JKT-PENUH"]
        let people = [nik, "3174011708900003", "3273012512850001", "3578014107950002", "3174015708900099"]
        switch service {
        case .book:
            return [
                "plate": .string(dice.pick(plates) ?? plates[0]),
                "station": .string(dice.pick(stations) ?? stations[0]),
                "date": day(dice.number(1...300)),
            ]
        case .reportStatus:
            // Each has a permit of its own: what somebody else reported on the same would settle a doubt wrongly.
            let permit = dice.chance(0.9) ? OSSSimulator.application(number) : "I-0"
            return [
                "nib": "1234567890123", "ossId": "P02-202401150000000000001", "projectId": "R-202401150000000000001",
                "permitId": .string(permit), "permitCode": "022000000001", "previousStatus": "10",
                "status": .string(dice.pick(["41", "44", "50"]) ?? "41"),
            ]
        case .registerEncounter:
            let patients = ["P02478375538", "P02478375538", "P02478375538", "P00000000000"]
            return [
                "patientId": .string(dice.pick(patients) ?? patients[0]), "practitionerId": "N10000001",
                "locationId": "b017aa54-f1df-4ec2-9d84-8823815d7228", "class": "ambulatory",
                "start": .string((SystemClock().now() + .seconds(-600)).description),
            ]
        case .verify:
            return ["nik": .string(dice.pick(people) ?? nik), "name": .string(name), "birthPlace": "JAKARTA"]
        case .lookUp:
            return ["nik": .string(dice.pick(people) ?? nik)]
        }
    }

    private static func day(_ offset: Int) -> JSONValue {
        let today = SystemClock().now().date(in: .wib)
        return .string(CivilDate(daysSinceEpoch: today.daysSinceEpoch + offset).description)
    }
}
