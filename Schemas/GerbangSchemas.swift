/// The data files of this folder, compiled in, so that a binary needs no files beside it.
package enum GerbangSchemas {
    /// `regions.csv`: codes and names of provinces, regencies and cities (Kepmendagri 300.2.2-2430/2025).
    package static var regions: String { String(decoding: PackageResources.regions_csv, as: UTF8.self) }

    /// The service descriptions in `services/`.
    package static var services: [[UInt8]] {
        [
            PackageResources.population_identity_verify_json,
            PackageResources.population_person_lookup_json,
            PackageResources.transport_vehicle_lookup_json,
            PackageResources.transport_inspection_book_json,
            PackageResources.licensing_business_lookup_json,
            PackageResources.licensing_permit_status_json,
            PackageResources.licensing_permit_report_status_json,
            PackageResources.licensing_permit_issue_json,
            PackageResources.health_patient_find_json,
            PackageResources.health_encounter_register_json,
        ]
    }

    /// `openapi/openapi.json`: the description of the HTTP API.
    package static var openAPI: [UInt8] { PackageResources.openapi_json }
}
