/// Names under which personal data stand in the input of services, whatever a manifest says under `sensitive`.
package enum PersonalNames {
    private static let endings = [
        "nik", "familycardnumber", "name", "birthdate", "birthplace", "address", "phone", "email", "npwp", "nip",
    ]

    /// Whether a member of this name holds personal data.
    package static func contains(_ name: String) -> Bool {
        let name = name.lowercased()
        return endings.contains { name.hasSuffix($0) }
    }
}
