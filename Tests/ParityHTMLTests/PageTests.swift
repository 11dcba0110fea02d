import Foundation
@testable import ParityReport
import Testing

@testable import ParityHTML

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The report as a page.
@Suite struct PageTests {
  @Test func textOfAFileIsNeverMarkup() throws {
    let hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u{202E}"
    var entry = Sample.case(layers: 2, timesteps: 5, flagged: 1..<3)
    entry.case = hostile
    entry.file = hostile
    entry.references[0].name = hostile
    entry.references[0].framework = hostile
    for layer in entry.references[0].layers.indices {
      entry.references[0].layers[layer].name = hostile
      entry.references[0].layers[layer].notes = [hostile]
    }
    let broken = Sample.broken(hostile)
    let page = try HTMLRenderer().render(
      Report(verdict: "invalid", cases: [entry, broken], couldBeJoined: nil))
    #expect(page.components(separatedBy: "<script>").count == 2, "the page's own")
    #expect(!page.contains("<img") && !page.contains("\u{202E}"))
    #expect(page.components(separatedBy: "&lt;script&gt;").count > 8)
  }

  @Test func thePageNeedsNothingFromElsewhere() throws {
    let page = try HTMLRenderer().render(
      Report(verdict: "mismatch", cases: [Sample.case(layers: 2, timesteps: 5, flagged: 1..<3)]))
    #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("@import"))
    #expect(!page.contains("src=") && !page.contains("url(") && !page.contains("<link"))
    for part in page.components(separatedBy: "href=\"").dropFirst() {
      let target = try #require(part.split(separator: "\"").first)
      #expect(
        target.hasPrefix("#") && page.contains("id=\"\(target.dropFirst())\""), "\(target) leads somewhere")
    }
  }

  @Test func aLongDeepRunStaysSmall() throws {
    let entry = Sample.case(layers: 8, timesteps: 10_000, flagged: 5_000..<5_001)
    let page = try HTMLRenderer().render(Report(verdict: "mismatch", cases: [entry]))
    #expect(page.utf8.count < 2_000_000)
    #expect(page.contains("s-mismatch\" d="), "the one step of 10,000 that is flagged shows")
  }

  @Test func picturesAreWellFormedAndNamed() throws {
    var entry = Sample.case(layers: 3, timesteps: 40, flagged: 30..<40)
    entry.boundaries = ["inputs/x", "layers/0/input", "layers/1/input", "layers/2/input", "outputs/y"].map {
      Sample.boundary($0, differs: $0 == "layers/1/input")
    }
    let page = try HTMLRenderer().render(Report(verdict: "mismatch", cases: [entry]))
    let pictures = page.components(separatedBy: "<svg ").dropFirst().map {
      "<svg " + $0.components(separatedBy: "</svg>")[0] + "</svg>"
    }
    #expect(pictures.count > 4)
    for picture in pictures {
      #expect(XMLParser(data: Data(picture.utf8)).parse(), "\(picture)")
      #expect(picture.contains("<title>") || picture.contains("aria-hidden"))
      #expect(!picture.contains("nan") && !picture.contains("inf"))
    }
    let model = try #require(pictures.first { $0.contains("class=\"model\"") })
    #expect(model.components(separatedBy: "class=\"e-differs\"").count == 2, "one edge departs")
  }

  @Test func whatIsNotFiniteIsAGap() throws {
    var entry = Sample.case(layers: 1, timesteps: 6, flagged: 2..<3)
    entry.references[0].layers[0].timesteps[2].maxResidual = Number(.nan)
    entry.references[0].layers[0].timesteps[2].maxBoundRatio = Number(.infinity)
    let page = try HTMLRenderer().render(Report(verdict: "mismatch", cases: [entry]))
    let curve = try #require(page.components(separatedBy: "k-residual\" d=\"").dropFirst().first)
    let path = curve.split(separator: "\"")[0]
    #expect(path.filter { $0 == "M" }.count == 2, "drawn before it and after it: \(path)")
  }

  @Test func equalTasksOfManyCasesAreSaidOnce() throws {
    let cases = (0..<5).map { number in
      var entry = Sample.case(layers: 1, timesteps: 3, flagged: 0..<3)
      entry.case = "case \(number)"
      entry.file = "case-\(number).h5"
      return entry
    }
    let page = try HTMLRenderer().render(Report(verdict: "mismatch", cases: cases))
    #expect(page.components(separatedBy: "class=\"task ").count == 2)
  }
}
