public import GerbangEngine
internal import GerbangHTTP
internal import Glibc

// The certificates and keys of connections are read when a connection is made, so that renewed ones are taken up without a
// restart. What is missing then is told by a call's failure; before, by 'gerbang config check'.
extension GatewayConfiguration {
    /// What cannot be read of the files that connections name in `tls`.
    ///
    /// It is no mistake of the configuration: the file of one agency must not keep a gateway from starting.
    public var unreadableCertificates: [ConfigurationFile.Issue] {
        let file = origin?.main.path ?? ""
        return connections.flatMap { connection in
            connection.profile.certificateFiles.compactMap { entry in
                guard access(entry.path, R_OK) != 0 else { return nil }
                let reason = String(cString: strerror(errno))
                return ConfigurationFile.Issue(
                    file: file,
                    field: "connections.\(connection.id).tls.\(entry.field)",
                    message: "\(entry.path) cannot be read: \(reason)"
                )
            }
        }
    }

    /// Lets relative paths begin at the folder of the file that names them.
    mutating func resolveCertificates(namedIn file: String) {
        for index in connections.indices {
            connections[index].profile.resolveCertificates { ConfigurationFile.path($0, namedIn: file) }
        }
    }
}

extension TransportProfile {
    fileprivate var certificateFiles: [(field: String, path: String)] {
        let sources = [
            ("authorities", certificateAuthorities), ("certificate", clientCertificate?.certificate),
            ("key", clientCertificate?.privateKey),
        ]
        return sources.compactMap { field, source in
            guard case .file(let path)? = source else { return nil }
            return (field, path)
        }
    }

    fileprivate mutating func resolveCertificates(_ path: (String) -> String) {
        func resolved(_ source: PEMSource) -> PEMSource {
            guard case .file(let file) = source else { return source }
            return .file(path(file))
        }
        certificateAuthorities = certificateAuthorities.map(resolved)
        clientCertificate = clientCertificate.map { client in
            ClientCertificate(
                certificate: resolved(client.certificate),
                privateKey: client.privateKey.map(resolved),
                privateKeyPassword: client.privateKeyPassword
            )
        }
    }
}
