import Testing

@testable import NativeWeights

@Suite struct JSONReaderTests {
  @Test("A configuration is read as Python writes it")
  func value() throws {
    let value = try JSONValue(
      #" {"a": [1, -2.5e3, NaN, -Infinity], "b": {"c": "\u00e9\n\ud83d\ude00"}, "d": null, "e": true} "#)
    #expect(value["b"]?["c"]?.string == "é\n😀")
    #expect(value["a"]?.array?[1] == .number(-2500))
    #expect(value["d"] == .null && value["e"]?.bool == true)
    guard case .number(let nan)? = value["a"]?.array?[2] else { throw JSONFailure(expected: "", found: "") }
    #expect(nan.isNaN)
  }

  @Test(
    "What is no JSON, or says one thing twice, is refused",
    arguments: [
      "", "{", "{\"a\"}", "{\"a\":1", "{\"a\":1}}", "[1,]", "\"\u{1}\"", "\"\\x\"", "tru", "01x",
      "{\"a\":1,\"a\":2}",
      String(repeating: "[", count: 300),
    ])
  func broken(_ text: String) { #expect(throws: JSONFailure.self) { try JSONValue(text) } }
}
