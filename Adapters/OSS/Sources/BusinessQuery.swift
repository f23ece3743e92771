internal import GerbangCore
internal import GerbangJSON

/// The input of `licensing.business.lookup`, checked.
struct BusinessQuery {
    /// How much is asked for.
    enum Detail: String, CaseIterable {
        /// Everything that the service's output knows (`inqueryNIB`).
        case full
        /// The name and the status alone (`checkNIB`).
        case brief
    }

    /// What the business is known by.
    enum Key {
        case nib(String, ossID: String?)
        case npwp(Sensitive<String>)
    }

    var key: Key
    var detail: Detail

    var method: OSSMethod { detail == .full ? .inqueryNIB : .checkNIB }

    /// The field that names the business.
    var field: JSONPointer {
        switch key {
        case .nib: JSONPointer.root.appending("nib")
        case .npwp: JSONPointer.root.appending("npwp")
        }
    }

    init(_ payload: JSONValue) throws(GerbangError) {
        let reader = try PayloadReader(payload, allowed: ["nib", "ossId", "npwp", "detail"])
        detail = try reader.choice("detail", Detail.self) ?? .full
        let nib = try reader.digits("nib", 13...13)
        let npwp = try reader.digits("npwp", 15...16)
        let ossID = try reader.identifier("ossId")
        switch (nib, npwp) {
        case (let nib?, nil):
            guard detail == .full || ossID == nil else { throw reader.invalid("ossId", "goes with detail full only") }
            key = .nib(nib, ossID: ossID)
        case (nil, let npwp?):
            guard detail == .full else { throw reader.invalid("detail", "brief needs nib; with npwp it must be full") }
            guard ossID == nil else { throw reader.invalid("ossId", "goes with nib only") }
            key = .npwp(Sensitive(npwp))
        case (nil, nil):
            throw reader.invalid("nib", "is required, unless npwp is given")
        case (.some, .some):
            throw reader.invalid("npwp", "must not stand beside nib")
        }
    }
}
