internal import GerbangCore
internal import GerbangJSON

/// What a client wants, with the key under which it says so, however often it has to.
struct Wish: Sendable, Hashable {
    /// A service that is asked for.
    enum Service: String, Sendable, CaseIterable {
        case book = "transport.inspection.book"
        case verify = "population.identity.verify"
        case lookUp = "population.person.lookup"

        /// Whether doing it twice would be wrong.
        var mustBeDoneOnce: Bool { self == .book }
    }

    let service: Service
    let key: String
    let body: JSONValue

    /// Something that somebody might want.
    init(number: Int, dice: Dice) {
        let service = dice.pick([Service.book, .book, .verify, .lookUp]) ?? .book
        self.init(service, key: "wish-\(number)", payload: Self.payload(for: service, dice))
    }

    init(_ service: Service, key: String, payload: JSONValue) {
        self.service = service
        self.key = key
        body = ["service": .string(service.rawValue), "region": "31.74", "payload": payload]
    }

    /// A booking that can be made.
    static func booking(key: String) -> Wish {
        Wish(.book, key: key, payload: ["plate": "B 9012 TRK", "station": "JKT-PULOGADUNG", "date": day(7)])
    }

    /// The data of an invented person that the registry knows.
    static let nik = "3174015708900003"
    static let name = "SITI CONTOH"

    private static func payload(for service: Service, _ dice: Dice) -> JSONValue {
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
