/// The version of the format that a file is in: which names it may hold, and what they mean.
enum FormatVersion: Int, CaseIterable {
  case one = 1
  case two = 2
}
