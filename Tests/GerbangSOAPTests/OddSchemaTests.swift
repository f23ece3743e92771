internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangSchema
internal import Testing

/// Schemas of the odd kinds that services have.
@Suite struct OddSchemaTests {
    struct Odd: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let schema: String
        var isQualified = true
    }

    static let all: [Odd] = [
        Odd(
            testDescription: "attribute groups",
            schema: #"""
                <xs:attributeGroup name="ag"><xs:attribute name="a" type="xs:int" use="required"/>\#
                <xs:attributeGroup ref="t:ag2"/></xs:attributeGroup><xs:attributeGroup name="ag2">\#
                <xs:attribute name="b" type="xs:date"/><xs:anyAttribute namespace="##other" processContents="lax"/>\#
                </xs:attributeGroup><xs:element name="request"><xs:complexType><xs:sequence>\#
                <xs:element name="x" type="xs:string"/></xs:sequence><xs:attributeGroup ref="t:ag"/>\#
                </xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "substitution groups",
            schema: #"""
                <xs:element name="head" type="t:H" abstract="true"/><xs:complexType name="H"><xs:sequence>\#
                <xs:element name="h" type="xs:string"/></xs:sequence></xs:complexType><xs:complexType name="H2">\#
                <xs:complexContent><xs:extension base="t:H"><xs:sequence><xs:element name="i" type="xs:int"/>\#
                </xs:sequence></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:element name="one" type="t:H2" substitutionGroup="t:head"/>\#
                <xs:element name="two" type="t:H" substitutionGroup="t:one2"/>\#
                <xs:element name="one2" type="t:H" substitutionGroup="t:head"/><xs:element name="request">\#
                <xs:complexType><xs:sequence><xs:element ref="t:head" maxOccurs="unbounded"/></xs:sequence>\#
                </xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "names with dots",
            schema: #"""
                <xs:complexType name="My.Type-1"><xs:sequence><xs:element name="a.b" type="xs:string"/>\#
                <xs:element name="c-d.e_f" type="xs:int" minOccurs="0"/></xs:sequence>\#
                <xs:attribute name="x.y" type="xs:string"/></xs:complexType><xs:element name="request">\#
                <xs:complexType><xs:sequence><xs:element name="My.Element" type="t:My.Type-1" maxOccurs="3"/>\#
                </xs:sequence></xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "extension and restriction by xsi:type",
            schema: #"""
                <xs:complexType name="Base" abstract="true"><xs:sequence>\#
                <xs:element name="id" type="xs:ID" minOccurs="0"/>\#
                <xs:element name="n" type="xs:string" minOccurs="0"/></xs:sequence></xs:complexType>\#
                <xs:complexType name="Ext"><xs:complexContent><xs:extension base="t:Base"><xs:choice>\#
                <xs:element name="p" type="xs:decimal"/><xs:element name="q" type="xs:boolean"/></xs:choice>\#
                <xs:attribute name="z" type="xs:token"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="Res"><xs:complexContent><xs:restriction base="t:Base"><xs:sequence>\#
                <xs:element name="n" type="xs:string"/></xs:sequence></xs:restriction></xs:complexContent>\#
                </xs:complexType><xs:element name="request"><xs:complexType><xs:sequence>\#
                <xs:element name="item" type="t:Base" maxOccurs="unbounded"/></xs:sequence></xs:complexType>\#
                </xs:element>
                """#
        ),
        Odd(
            testDescription: "unions and lists",
            schema: #"""
                <xs:simpleType name="U"><xs:union memberTypes="xs:int xs:date"><xs:simpleType>\#
                <xs:restriction base="xs:string"><xs:enumeration value="none"/></xs:restriction></xs:simpleType>\#
                </xs:union></xs:simpleType><xs:simpleType name="L"><xs:restriction><xs:simpleType>\#
                <xs:list itemType="t:U"/></xs:simpleType><xs:minLength value="2"/><xs:maxLength value="4"/>\#
                </xs:restriction></xs:simpleType><xs:element name="request"><xs:complexType><xs:sequence>\#
                <xs:element name="u" type="t:U" maxOccurs="2"/><xs:element name="l" type="t:L"/>\#
                <xs:element name="n" type="xs:NMTOKENS"/></xs:sequence><xs:attribute name="la" type="t:L"/>\#
                </xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "simple content",
            schema: #"""
                <xs:complexType name="M"><xs:simpleContent><xs:extension base="xs:decimal">\#
                <xs:attribute name="cur" use="required"><xs:simpleType><xs:restriction base="xs:string">\#
                <xs:pattern value="[A-Z]{3}"/></xs:restriction></xs:simpleType></xs:attribute></xs:extension>\#
                </xs:simpleContent></xs:complexType><xs:complexType name="M2"><xs:simpleContent>\#
                <xs:restriction base="t:M"><xs:minInclusive value="5"/>\#
                </xs:restriction></xs:simpleContent>\#
                </xs:complexType><xs:element name="request"><xs:complexType><xs:sequence>\#
                <xs:element name="m" type="t:M"/><xs:element name="m2" type="t:M2"/>\#
                <xs:element name="m3" type="t:M" nillable="true"/></xs:sequence></xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "a choice of sequences",
            schema: #"""
                <xs:element name="request"><xs:complexType><xs:choice><xs:sequence>\#
                <xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/></xs:sequence><xs:sequence>\#
                <xs:element name="c" type="xs:int"/><xs:choice maxOccurs="unbounded">\#
                <xs:element name="d" type="xs:int"/><xs:element name="e" type="xs:int"/></xs:choice></xs:sequence>\#
                </xs:choice></xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "elements of one name",
            schema: #"""
                <xs:element name="request"><xs:complexType><xs:sequence><xs:element name="a" type="xs:int"/>\#
                <xs:element name="b" type="xs:string"/><xs:element name="a" type="xs:int"/>\#
                <xs:element name="a" type="xs:int" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "groups that are repeated",
            schema: #"""
                <xs:group name="g"><xs:sequence><xs:element name="k" type="xs:string"/>\#
                <xs:element name="v" type="xs:string" minOccurs="0"/></xs:sequence></xs:group><xs:group name="c">\#
                <xs:choice><xs:element name="x" type="xs:int"/><xs:group ref="t:g"/></xs:choice></xs:group>\#
                <xs:element name="request"><xs:complexType><xs:sequence><xs:group ref="t:g" maxOccurs="unbounded"/>\#
                <xs:element name="mid" type="xs:int"/><xs:group ref="t:c" minOccurs="0" maxOccurs="2"/>\#
                </xs:sequence></xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "all within all",
            schema: #"""
                <xs:element name="request"><xs:complexType><xs:all><xs:element name="z" type="xs:int"/>\#
                <xs:element name="y" type="xs:int" minOccurs="0"/><xs:element name="x"><xs:complexType>\#
                <xs:all minOccurs="0"><xs:element name="q" type="xs:date"/></xs:all></xs:complexType></xs:element>\#
                </xs:all></xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "qualified and unqualified",
            schema: #"""
                <xs:element name="g" type="xs:int"/><xs:attribute name="ga" type="xs:int"/>\#
                <xs:element name="request"><xs:complexType><xs:sequence>\#
                <xs:element name="q" form="qualified" type="xs:int"/><xs:element name="u" type="xs:int"/>\#
                <xs:element ref="t:g"/></xs:sequence><xs:attribute name="aq" form="qualified" type="xs:int"/>\#
                <xs:attribute ref="t:ga"/></xs:complexType></xs:element>
                """#,
            isQualified: false
        ),
        Odd(
            testDescription: "names beyond ASCII",
            schema: #"""
                <xs:element name="request"><xs:complexType><xs:sequence><xs:element name="größe" type="xs:int"/>\#
                <xs:element name="имя" type="xs:string"/><xs:element name="_x" type="xs:string"/></xs:sequence>\#
                </xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "very many occurrences",
            schema: #"""
                <xs:element name="request"><xs:complexType><xs:sequence>\#
                <xs:element name="a" type="xs:int" maxOccurs="10000"/>\#
                <xs:element name="b" minOccurs="0" maxOccurs="999999"><xs:complexType><xs:sequence maxOccurs="500">\#
                <xs:element name="c" type="xs:int"/></xs:sequence></xs:complexType></xs:element></xs:sequence>\#
                </xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "forty levels of derivation",
            schema: #"""
                <xs:complexType name="C0"><xs:sequence><xs:element name="e0" type="xs:int"/></xs:sequence>\#
                </xs:complexType><xs:complexType name="C1"><xs:complexContent><xs:extension base="t:C0">\#
                <xs:sequence><xs:element name="e1" type="xs:int"/></xs:sequence><xs:attribute name="a1"/>\#
                </xs:extension></xs:complexContent></xs:complexType><xs:complexType name="C2"><xs:complexContent>\#
                <xs:extension base="t:C1"><xs:sequence><xs:element name="e2" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a2"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C3"><xs:complexContent><xs:extension base="t:C2"><xs:sequence>\#
                <xs:element name="e3" type="xs:int"/></xs:sequence><xs:attribute name="a3"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C4"><xs:complexContent>\#
                <xs:extension base="t:C3"><xs:sequence><xs:element name="e4" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a4"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C5"><xs:complexContent><xs:extension base="t:C4"><xs:sequence>\#
                <xs:element name="e5" type="xs:int"/></xs:sequence><xs:attribute name="a5"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C6"><xs:complexContent>\#
                <xs:extension base="t:C5"><xs:sequence><xs:element name="e6" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a6"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C7"><xs:complexContent><xs:extension base="t:C6"><xs:sequence>\#
                <xs:element name="e7" type="xs:int"/></xs:sequence><xs:attribute name="a7"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C8"><xs:complexContent>\#
                <xs:extension base="t:C7"><xs:sequence><xs:element name="e8" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a8"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C9"><xs:complexContent><xs:extension base="t:C8"><xs:sequence>\#
                <xs:element name="e9" type="xs:int"/></xs:sequence><xs:attribute name="a9"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C10"><xs:complexContent>\#
                <xs:extension base="t:C9"><xs:sequence><xs:element name="e10" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a10"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C11"><xs:complexContent><xs:extension base="t:C10"><xs:sequence>\#
                <xs:element name="e11" type="xs:int"/></xs:sequence><xs:attribute name="a11"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C12"><xs:complexContent>\#
                <xs:extension base="t:C11"><xs:sequence><xs:element name="e12" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a12"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C13"><xs:complexContent><xs:extension base="t:C12"><xs:sequence>\#
                <xs:element name="e13" type="xs:int"/></xs:sequence><xs:attribute name="a13"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C14"><xs:complexContent>\#
                <xs:extension base="t:C13"><xs:sequence><xs:element name="e14" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a14"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C15"><xs:complexContent><xs:extension base="t:C14"><xs:sequence>\#
                <xs:element name="e15" type="xs:int"/></xs:sequence><xs:attribute name="a15"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C16"><xs:complexContent>\#
                <xs:extension base="t:C15"><xs:sequence><xs:element name="e16" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a16"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C17"><xs:complexContent><xs:extension base="t:C16"><xs:sequence>\#
                <xs:element name="e17" type="xs:int"/></xs:sequence><xs:attribute name="a17"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C18"><xs:complexContent>\#
                <xs:extension base="t:C17"><xs:sequence><xs:element name="e18" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a18"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C19"><xs:complexContent><xs:extension base="t:C18"><xs:sequence>\#
                <xs:element name="e19" type="xs:int"/></xs:sequence><xs:attribute name="a19"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C20"><xs:complexContent>\#
                <xs:extension base="t:C19"><xs:sequence><xs:element name="e20" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a20"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C21"><xs:complexContent><xs:extension base="t:C20"><xs:sequence>\#
                <xs:element name="e21" type="xs:int"/></xs:sequence><xs:attribute name="a21"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C22"><xs:complexContent>\#
                <xs:extension base="t:C21"><xs:sequence><xs:element name="e22" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a22"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C23"><xs:complexContent><xs:extension base="t:C22"><xs:sequence>\#
                <xs:element name="e23" type="xs:int"/></xs:sequence><xs:attribute name="a23"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C24"><xs:complexContent>\#
                <xs:extension base="t:C23"><xs:sequence><xs:element name="e24" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a24"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C25"><xs:complexContent><xs:extension base="t:C24"><xs:sequence>\#
                <xs:element name="e25" type="xs:int"/></xs:sequence><xs:attribute name="a25"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C26"><xs:complexContent>\#
                <xs:extension base="t:C25"><xs:sequence><xs:element name="e26" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a26"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C27"><xs:complexContent><xs:extension base="t:C26"><xs:sequence>\#
                <xs:element name="e27" type="xs:int"/></xs:sequence><xs:attribute name="a27"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C28"><xs:complexContent>\#
                <xs:extension base="t:C27"><xs:sequence><xs:element name="e28" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a28"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C29"><xs:complexContent><xs:extension base="t:C28"><xs:sequence>\#
                <xs:element name="e29" type="xs:int"/></xs:sequence><xs:attribute name="a29"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C30"><xs:complexContent>\#
                <xs:extension base="t:C29"><xs:sequence><xs:element name="e30" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a30"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C31"><xs:complexContent><xs:extension base="t:C30"><xs:sequence>\#
                <xs:element name="e31" type="xs:int"/></xs:sequence><xs:attribute name="a31"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C32"><xs:complexContent>\#
                <xs:extension base="t:C31"><xs:sequence><xs:element name="e32" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a32"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C33"><xs:complexContent><xs:extension base="t:C32"><xs:sequence>\#
                <xs:element name="e33" type="xs:int"/></xs:sequence><xs:attribute name="a33"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C34"><xs:complexContent>\#
                <xs:extension base="t:C33"><xs:sequence><xs:element name="e34" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a34"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C35"><xs:complexContent><xs:extension base="t:C34"><xs:sequence>\#
                <xs:element name="e35" type="xs:int"/></xs:sequence><xs:attribute name="a35"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C36"><xs:complexContent>\#
                <xs:extension base="t:C35"><xs:sequence><xs:element name="e36" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a36"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C37"><xs:complexContent><xs:extension base="t:C36"><xs:sequence>\#
                <xs:element name="e37" type="xs:int"/></xs:sequence><xs:attribute name="a37"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:complexType name="C38"><xs:complexContent>\#
                <xs:extension base="t:C37"><xs:sequence><xs:element name="e38" type="xs:int"/></xs:sequence>\#
                <xs:attribute name="a38"/></xs:extension></xs:complexContent></xs:complexType>\#
                <xs:complexType name="C39"><xs:complexContent><xs:extension base="t:C38"><xs:sequence>\#
                <xs:element name="e39" type="xs:int"/></xs:sequence><xs:attribute name="a39"/></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:element name="request"><xs:complexType><xs:sequence>\#
                <xs:element name="x" type="t:C39"/><xs:element name="y" type="t:C3"/></xs:sequence></xs:complexType>\#
                </xs:element>
                """#
        ),
        Odd(
            testDescription: "a prohibited attribute",
            schema: #"""
                <xs:complexType name="B"><xs:sequence><xs:element name="x" type="xs:string" minOccurs="0"/>\#
                </xs:sequence><xs:attribute name="a" type="xs:int"/><xs:attribute name="b" type="xs:int"/>\#
                </xs:complexType><xs:complexType name="R"><xs:complexContent><xs:restriction base="t:B">\#
                <xs:sequence/><xs:attribute name="a" use="prohibited"/></xs:restriction></xs:complexContent>\#
                </xs:complexType><xs:element name="request"><xs:complexType><xs:sequence>\#
                <xs:element name="r" type="t:R"/></xs:sequence></xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "uniqueness and notations",
            schema: #"""
                <xs:notation name="n" public="p"/><xs:element name="request"><xs:complexType><xs:sequence>\#
                <xs:element name="a" maxOccurs="unbounded"><xs:complexType>\#
                <xs:attribute name="k" type="xs:string" use="required"/></xs:complexType></xs:element></xs:sequence>\#
                </xs:complexType><xs:unique name="u"><xs:selector xpath="t:a"/><xs:field xpath="@k"/></xs:unique>\#
                </xs:element>
                """#
        ),
        Odd(
            testDescription: "a group of all",
            schema: #"""
                <xs:group name="ga"><xs:all><xs:element name="p" type="xs:int"/>\#
                <xs:element name="q" type="xs:int" minOccurs="0"/></xs:all></xs:group><xs:element name="request">\#
                <xs:complexType><xs:group ref="t:ga"/><xs:attribute name="z"/></xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "a repeated choice with a wildcard",
            schema: #"""
                <xs:element name="request"><xs:complexType><xs:choice minOccurs="0" maxOccurs="unbounded">\#
                <xs:element name="a" type="xs:int" maxOccurs="2"/><xs:sequence><xs:element name="b" type="xs:int"/>\#
                <xs:element name="c" type="xs:int" minOccurs="0"/></xs:sequence>\#
                <xs:any namespace="##other" processContents="skip"/></xs:choice></xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "repetition within repetition",
            schema: #"""
                <xs:element name="request"><xs:complexType><xs:sequence><xs:sequence maxOccurs="unbounded">\#
                <xs:element name="a" type="xs:int"/><xs:sequence minOccurs="0" maxOccurs="3">\#
                <xs:element name="b" type="xs:int"/><xs:choice maxOccurs="2"><xs:element name="c" type="xs:int"/>\#
                <xs:element name="d" type="xs:int"/></xs:choice></xs:sequence></xs:sequence></xs:sequence>\#
                </xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "wildcards of namespaces",
            schema: #"""
                <xs:element name="request"><xs:complexType><xs:sequence>\#
                <xs:any namespace="##targetNamespace" processContents="strict"/>\#
                <xs:any namespace="##local" processContents="skip" minOccurs="0"/>\#
                <xs:any namespace="urn:x urn:y ##local" processContents="lax" minOccurs="0" maxOccurs="2"/>\#
                </xs:sequence></xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "substitution in a choice",
            schema: #"""
                <xs:element name="h" type="xs:string"/><xs:element name="h1" substitutionGroup="t:h"/>\#
                <xs:element name="h2" type="t:E" substitutionGroup="t:h"/><xs:simpleType name="E">\#
                <xs:restriction base="xs:string"><xs:enumeration value="v"/></xs:restriction></xs:simpleType>\#
                <xs:element name="request"><xs:complexType><xs:choice maxOccurs="unbounded"><xs:element ref="t:h"/>\#
                <xs:element name="o" type="xs:int"/></xs:choice></xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "restricted content",
            schema: #"""
                <xs:complexType name="B"><xs:sequence>\#
                <xs:element name="a" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>\#
                <xs:element name="b" type="xs:anyType" minOccurs="0"/><xs:any minOccurs="0" namespace="##other"/>\#
                </xs:sequence><xs:anyAttribute/></xs:complexType><xs:complexType name="R"><xs:complexContent>\#
                <xs:restriction base="t:B"><xs:sequence><xs:element name="a" type="xs:string" maxOccurs="2"/>\#
                </xs:sequence><xs:attribute name="n" type="xs:int" use="required"/></xs:restriction>\#
                </xs:complexContent></xs:complexType><xs:element name="request"><xs:complexType><xs:sequence>\#
                <xs:element name="r" type="t:R"/><xs:element name="b" type="t:B"/></xs:sequence></xs:complexType>\#
                </xs:element>
                """#
        ),
        Odd(
            testDescription: "extended mixed content",
            schema: #"""
                <xs:complexType name="B" mixed="true"><xs:sequence>\#
                <xs:element name="a" type="xs:string" minOccurs="0"/></xs:sequence></xs:complexType>\#
                <xs:complexType name="R"><xs:complexContent mixed="true"><xs:extension base="t:B"><xs:sequence>\#
                <xs:element name="c" type="xs:string" minOccurs="0" maxOccurs="2"/></xs:sequence></xs:extension>\#
                </xs:complexContent></xs:complexType><xs:element name="request"><xs:complexType><xs:sequence>\#
                <xs:element name="r" type="t:R"/></xs:sequence></xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "a type without end",
            schema: #"""
                <xs:complexType name="L"><xs:sequence><xs:element name="n" type="t:L"/></xs:sequence>\#
                </xs:complexType><xs:element name="request"><xs:complexType><xs:sequence>\#
                <xs:element name="l" type="t:L" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "enumerations of lists and of qualified names",
            schema: #"""
                <xs:simpleType name="I"><xs:restriction><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType>\#
                <xs:enumeration value="1 2"/><xs:enumeration value="3 4"/></xs:restriction></xs:simpleType>\#
                <xs:simpleType name="W"><xs:list><xs:simpleType><xs:restriction base="xs:string">\#
                <xs:enumeration value="u"/><xs:enumeration value="v"/></xs:restriction></xs:simpleType></xs:list>\#
                </xs:simpleType><xs:simpleType name="W2"><xs:restriction base="t:W"><xs:enumeration value="u  v"/>\#
                </xs:restriction></xs:simpleType><xs:simpleType name="Q"><xs:restriction base="xs:QName">\#
                <xs:enumeration value="t:foo"/><xs:enumeration value="t:bar"/></xs:restriction></xs:simpleType>\#
                <xs:simpleType name="QL"><xs:list itemType="xs:QName"/></xs:simpleType><xs:simpleType name="QE">\#
                <xs:list itemType="t:Q"/></xs:simpleType><xs:element name="request"><xs:complexType><xs:sequence>\#
                <xs:element name="i" type="t:I"/><xs:element name="w" type="t:W"/><xs:element name="w2" type="t:W2"/>\#
                <xs:element name="q" type="t:Q"/><xs:element name="ql" type="t:QL"/>\#
                <xs:element name="qe" type="t:QE"/></xs:sequence><xs:attribute name="a" type="t:Q" use="required"/>\#
                <xs:attribute name="l" type="t:QE" use="required"/></xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "qualified names that are fixed, of unions and of notations",
            schema: #"""
                <xs:notation name="png" public="image/png"/><xs:notation name="jpeg" public="image/jpeg"/>\#
                <xs:simpleType name="N"><xs:restriction base="xs:NOTATION"><xs:enumeration value="t:png"/>\#
                <xs:enumeration value="t:jpeg"/></xs:restriction></xs:simpleType><xs:simpleType name="Q">\#
                <xs:restriction base="xs:QName"><xs:enumeration xmlns:o="urn:other" value="o:foo"/></xs:restriction>\#
                </xs:simpleType><xs:simpleType name="U"><xs:union memberTypes="xs:int t:Q"/></xs:simpleType>\#
                <xs:simpleType name="UE"><xs:restriction base="t:U"><xs:enumeration xmlns:o="urn:other" value="o:foo"/>\#
                </xs:restriction></xs:simpleType><xs:simpleType name="UN"><xs:union memberTypes="t:Q xs:NCName"/>\#
                </xs:simpleType><xs:element name="request"><xs:complexType><xs:sequence>\#
                <xs:element name="u" type="t:U"/><xs:element name="ue" type="t:UE"/><xs:element name="n" type="t:N"/>\#
                <xs:element name="un" type="t:UN"/><xs:element name="f" type="xs:QName" fixed="t:foo"/>\#
                <xs:element name="d" type="xs:QName" default="t:foo"/></xs:sequence>\#
                <xs:attribute xmlns:o="urn:other" name="a" type="xs:QName" fixed="o:bar" use="required"/>\#
                <xs:attribute xmlns:o="urn:more" name="b" type="xs:QName" fixed="o:bar" use="required"/>\#
                <xs:attribute name="c" type="t:UE" use="required"/><xs:attribute name="m" type="t:N" use="required"/>\#
                <xs:attribute name="l" use="required" fixed="t:a t:b"><xs:simpleType><xs:list itemType="xs:QName"/>\#
                </xs:simpleType></xs:attribute></xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "mixed content with elements and a wildcard",
            schema: #"""
                <xs:complexType name="M" mixed="true"><xs:sequence>\#
                <xs:element name="size" type="xs:integer" minOccurs="0"/>\#
                <xs:element name="salt" type="xs:base64Binary" minOccurs="0"/>\#
                <xs:any namespace="##other" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>\#
                <xs:attribute name="method" type="xs:anyURI" use="required"/></xs:complexType>\#
                <xs:element name="request"><xs:complexType><xs:sequence><xs:element name="m" type="t:M"/>\#
                </xs:sequence></xs:complexType></xs:element>
                """#
        ),
        Odd(
            testDescription: "a list among attributes of which any may come, and a pattern for names",
            schema: ##"""
                <xs:simpleType name="Q"><xs:restriction base="xs:QName"><xs:pattern value="[a-z]+:.*"/></xs:restriction>\##
                </xs:simpleType><xs:simpleType name="L"><xs:list itemType="xs:anyURI"/></xs:simpleType>\##
                <xs:element name="request"><xs:complexType><xs:sequence><xs:element name="q" type="t:Q"/></xs:sequence>\##
                <xs:attribute name="l" type="t:L" use="required"/><xs:anyAttribute namespace="##other"/></xs:complexType>\##
                </xs:element>
                """##
        ),
        Odd(
            testDescription: "identifiers and references",
            schema: #"""
                <xs:element name="request"><xs:complexType><xs:sequence><xs:element name="a" maxOccurs="2">\#
                <xs:complexType><xs:attribute name="id" type="xs:ID" use="required"/>\#
                <xs:attribute name="r" type="xs:IDREF"/><xs:attribute name="rs" type="xs:IDREFS"/>\#
                <xs:attribute name="e" type="xs:ENTITY"/></xs:complexType></xs:element></xs:sequence>\#
                </xs:complexType></xs:element>
                """#
        ),
    ]

    @Test("Samples of them go to XML and back, and fit the JSON Schema", arguments: all)
    func check(_ odd: Odd) throws {
        let attributes = odd.isQualified ? "elementFormDefault=\"qualified\"" : ""
        let operation = try Fixture.operation(schema: odd.schema, attributes: attributes)
        let check = operation.check(.input)
        #expect(check.failure == nil)
        #expect(check.isValidated)
        let schema = try JSONSchema(operation.inputSchema)
        #expect(schema.validate(try operation.sample(.input)).isEmpty)
    }

    @Test("White space around a fixed value means as little as around a value")
    func spacedFixedValue() throws {
        let operation = try Fixture.operation(
            schema:
                #"<xs:element name="request"><xs:complexType><xs:sequence><xs:element name="fixed" type="xs:int" fixed=" 42 "/></xs:sequence></xs:complexType></xs:element>"#
        )
        #expect(operation.check(.input).failure == nil)
        #expect(
            try operation.decodeRequest(envelope("<t:request><t:fixed>42</t:fixed></t:request>")).body == ["fixed": 42]
        )
    }

    @Test(
        "A wildcard leaves what must come behind it",
        arguments: ["<xs:any/>", "<xs:any minOccurs=\"2\" maxOccurs=\"2\"/>"]
    )
    func wildcardBehindWildcard(behind: String) throws {
        let operation = try Fixture.operation(
            schema:
                "<xs:element name=\"request\"><xs:complexType><xs:sequence><xs:any minOccurs=\"0\" maxOccurs=\"unbounded\" processContents=\"lax\"/>\(behind)</xs:sequence></xs:complexType></xs:element>"
        )
        let failure = operation.check(.input).failure
        #expect(failure == nil, "\(String(describing: failure))")
        for count in 2..<6 {
            let children = String(repeating: "<o:x xmlns:o=\"urn:o\"/>", count: count)
            let wire = envelope("<t:request>\(children)</t:request>")
            let read = try operation.decodeRequest(wire).body
            #expect(try operation.decodeRequest(operation.encodeRequest(read)).body == read)
        }
    }
}
