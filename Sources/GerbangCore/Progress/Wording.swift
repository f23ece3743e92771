/// Puts situations into sentences: one each, in both languages, without jargon and without personal data.
package struct Wording: Sendable, Hashable {
    /// The agency's full name; `nil` when its connection is not known any more.
    package var agency: LocalizedText?
    /// The mall or regency where the citizen asked; `nil` when it has no name of its own.
    package var mall: LocalizedText?
    /// Where the citizen finds an officer there.
    package var contact: LocalizedText?
    /// The zone of civil time of the place where the citizen is.
    package var zone: Zone
    /// The present moment.
    package var now: Timestamp

    /// Creates a wording.
    package init(agency: LocalizedText?, tenant: Tenant? = nil, zone: Zone, now: Timestamp) {
        self.agency = agency
        mall = tenant?.name
        contact = tenant?.contact
        self.zone = zone
        self.now = now
    }

    /// Longer names would make sentences that no screen can hold.
    private static let longestName = 50

    /// The full name of who has to act.
    package func name(of holder: ProgressNotice.Holder.Kind) -> LocalizedText {
        switch holder {
        case .mall: mall ?? LocalizedText(id: "Mal Pelayanan Publik", en: "Public service mall")
        case .gateway: LocalizedText(id: "Sistem penghubung layanan", en: "Service gateway")
        case .agency: agency ?? LocalizedText(id: "Instansi tujuan", en: "The agency")
        case .operator: LocalizedText(id: "Petugas sistem", en: "System officer")
        }
    }

    /// The sentence for a situation.
    package func sentence(for situation: Situation) -> LocalizedText {
        // An agency's own words are whole sentences already.
        if case .rejected(let texts?) = situation { return texts }
        let moment = situation.next.map { LocalWords(zone: zone, now: now).coming($0) }
        return filled(situation.template, at: moment ?? LocalWords.soon)
    }

    /// The sentence about the end.
    package func sentence(for outlook: Outlook) -> LocalizedText {
        let local = LocalWords(zone: zone, now: now)
        let moment =
            switch outlook {
            case .finish(let moment): local.estimated(moment)
            case .tooLate(let deadline): local.coming(deadline)
            case .unknown: LocalWords.soon
            case .done(let moment), .ended(let moment): local.past(moment)
            }
        return filled(outlook.template, at: moment)
    }

    private func filled(_ template: LocalizedText, at moment: LocalizedText) -> LocalizedText {
        LocalizedText(
            id: filled(template, .indonesian, at: moment, unnamed: ("Instansi tujuan", "instansi tujuan")),
            en: filled(template, .english, at: moment, unnamed: ("The agency", "the agency"))
        )
    }

    /// Fills in the places of a template. It goes by bytes: this is the dearest part of an answer of the API.
    private func filled(
        _ template: LocalizedText,
        _ language: Language,
        at moment: LocalizedText,
        unnamed: (first: String, within: String)
    ) -> String {
        let template = template[language]
        let bytes = template.utf8
        var sentence = ""
        sentence.reserveCapacity(160)
        var start = bytes.startIndex
        while let brace = bytes[start...].firstIndex(of: UInt8(ascii: "{")),
            let end = bytes[brace...].firstIndex(of: UInt8(ascii: "}"))
        {
            sentence += template[start..<brace]
            switch template[brace...end] {
            case "{agency}": sentence += name(language) ?? (sentence.isEmpty ? unnamed.first : unnamed.within)
            case "{officer}": sentence += officer(language)
            default: sentence += moment[language]
            }
            start = bytes.index(after: end)
        }
        sentence += template[start...]
        return sentence
    }

    /// An officer, and where to find one.
    private func officer(_ language: Language) -> String {
        let officer =
            switch language {
            case .indonesian: "petugas"
            case .english: "an officer"
            }
        return contact.map { "\(officer) (\($0[language]))" } ?? officer
    }

    /// The agency within a sentence: its abbreviation if its name ends with one in brackets; no name that is too long.
    private func name(_ language: Language) -> String? {
        guard let full = agency?[language] else { return nil }
        let bytes = full.utf8
        var name = full[...]
        if bytes.last == UInt8(ascii: ")"), let bracket = bytes.lastIndex(of: UInt8(ascii: "(")) {
            name = full[bytes.index(after: bracket)..<bytes.index(before: bytes.endIndex)]
        }
        let isTooLong = name.utf8.count > Self.longestName && name.count > Self.longestName
        return name.isEmpty || isTooLong ? nil : String(name)
    }
}
