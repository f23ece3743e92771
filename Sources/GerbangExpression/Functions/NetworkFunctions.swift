/// The network extension: IP addresses and ranges of them.
enum NetworkFunctions {
    static let functions: [Function] = [
        .unary("isIP", .network, [Signature([.string], .bool)]) { text, frame throws(Failure) in
            .bool(CELAddress(try string(text, &frame)) != nil)
        },
        .unary("isCIDR", .network, [Signature([.string], .bool)]) { text, frame throws(Failure) in
            .bool(CELNetwork(try string(text, &frame)) != nil)
        },
        .unary("ip", .network, [Signature([.string], .address)]) { text, frame throws(Failure) in
            .address(try address(try string(text, &frame)))
        },
        .unary("ip.isCanonical", .network, [Signature([.string], .bool)]) { text, frame throws(Failure) in
            let text = try string(text, &frame)
            return .bool(try address(text).description == text)
        },
        .unary("cidr", .network, [Signature([.string], .network)]) { text, frame throws(Failure) in
            .network(try network(try string(text, &frame)))
        },
        test("isUnspecified") { $0.isUnspecified },
        test("isLoopback") { $0.isLoopback },
        test("isGlobalUnicast") { $0.isGlobalUnicast },
        test("isLinkLocalUnicast") { $0.isLinkLocalUnicast },
        test("isLinkLocalMulticast") { $0.isLinkLocalMulticast },
        .unary("family", .network, member: true, [Signature([.address], .int)]) { value, _ throws(Failure) in
            guard case .address(let address) = value else { throw .noSuchOverload }
            return .int(address.family)
        },
        .unary("ip", .network, member: true, [Signature([.network], .address)]) { value, _ throws(Failure) in
            guard case .network(let network) = value else { throw .noSuchOverload }
            return .address(network.address)
        },
        .unary("masked", .network, member: true, [Signature([.network], .network)]) { value, _ throws(Failure) in
            guard case .network(let network) = value else { throw .noSuchOverload }
            return .network(network.masked)
        },
        .unary("prefixLength", .network, member: true, [Signature([.network], .int)]) { value, _ throws(Failure) in
            guard case .network(let network) = value else { throw .noSuchOverload }
            return .int(Int64(network.prefixLength))
        },
        .binary(
            "containsIP",
            .network,
            member: true,
            [Signature([.network, .address], .bool), Signature([.network, .string], .bool)]
        ) { network, other, frame throws(Failure) in
            guard case .network(let network) = network else { throw .noSuchOverload }
            if case .address(let address) = other { return .bool(network.contains(address)) }
            return .bool(network.contains(try address(try string(other, &frame))))
        },
        .binary(
            "containsCIDR",
            .network,
            member: true,
            [Signature([.network, .network], .bool), Signature([.network, .string], .bool)]
        ) { network, other, frame throws(Failure) in
            guard case .network(let network) = network else { throw .noSuchOverload }
            if case .network(let other) = other { return .bool(network.contains(other)) }
            return .bool(network.contains(try Self.network(try string(other, &frame))))
        },
    ]

    private static func test(_ name: String, _ property: @escaping @Sendable (CELAddress) -> Bool) -> Function {
        .unary(name, .network, member: true, [Signature([.address], .bool)]) { value, _ throws(Failure) in
            guard case .address(let address) = value else { throw .noSuchOverload }
            return .bool(property(address))
        }
    }

    private static func string(_ value: CELValue, _ frame: inout Frame) throws(Failure) -> String {
        guard case .string(let text) = value else { throw .noSuchOverload }
        try frame.charge(bytes: text.utf8.count)
        return text
    }

    private static func address(_ text: String) throws(Failure) -> CELAddress {
        guard let address = CELAddress(text) else {
            throw Failure(
                .invalidValue,
                "the text is not an IP address; zones and IPv4 addresses in mixed IPv6 form are not taken"
            )
        }
        return address
    }

    private static func network(_ text: String) throws(Failure) -> CELNetwork {
        guard let network = CELNetwork(text) else {
            throw Failure(
                .invalidValue,
                "the text is not a range of IP addresses; write it as 10.0.0.0/8 or 2001:db8::/32"
            )
        }
        return network
    }
}
