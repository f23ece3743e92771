extension ServiceID {
    /// Checks whether a citizen's data agrees with the civil registry: `population.identity.verify`.
    public static let verifyIdentity = ServiceID(checked: "population.identity.verify")
    /// Looks a citizen up in the civil registry: `population.person.lookup`.
    public static let lookUpPerson = ServiceID(checked: "population.person.lookup")
    /// Looks a vehicle up in the register: `transport.vehicle.lookup`.
    public static let lookUpVehicle = ServiceID(checked: "transport.vehicle.lookup")
    /// Books a vehicle's periodical inspection: `transport.inspection.book`.
    public static let bookInspection = ServiceID(checked: "transport.inspection.book")
}
