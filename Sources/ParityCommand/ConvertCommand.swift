import ArgumentParser
import HDF5
import NativeWeights
import ParityReport
import RecurrentConventions

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Writes the recurrent layers of a weight file as another framework has them.",
    discussion: """
      The input is any file that inspect shows as weights, or a fixture. It is the same function that is written: what \
      the framework does not have is refused by name, and what is not there in the way it was is said. What the \
      input does not say has to be given. PyTorch, Flax and MLX get .safetensors, Keras .weights.h5 or its legacy .h5 \
      by the output's name, ONNX a model. Exit status: 0 written; 2 invalid input; 64 wrong command line.
      """)

  @Argument(help: "A weight file, or a fixture.")
  var input: SystemPath

  @Option(help: "pytorch, keras, onnx, flax or mlx.")
  var to: Convention

  @Option(name: .shortAndLong, help: "Where to write: .safetensors, .h5 or .onnx, as the framework has it.")
  var output: SystemPath

  @Option(help: "Of a fixture with several references, the one that is meant.")
  var reference: String?

  @OptionGroup var options: LayerOptionArguments

  @OptionGroup var workers: WorkerOptions

  func run() throws {
    guard let layout else { return }
    Interruption.arm()
    let task = ConversionTask(
      to: to, as: layout, reference: reference, output: output, layerNames: options.layer,
      said: options.said)
    let answers = try WorkerPool(limits: workers.limits).answers(to: [[input]], .convert(task))
    switch answers.first?.first {
    case .told(_, let parts) where parts.count == 2:
      do { try OutputFile(path: output).write([parts[0]]) } catch {
        throw InputFailure("\(output.description.printable): cannot be written: \(error)")
      }
      try StandardOutput.write([parts[1]])
    case .refused(let error): throw InputFailure("\(error)")
    default: throw InputFailure("\(input.description.printable): there was no answer")
    }
  }

  func validate() throws {
    guard layout == nil else { return }
    let endings = WrittenFormat.allCases.filter { $0.target == to }.map(\.fileEnding)
    throw ValidationError(
      "--output of \(to.rawValue) expects a name that ends in \(endings.joined(separator: " or ")), found "
        + output.description.printable)
  }

  private var layout: WrittenFormat? { WrittenFormat(to, fileName: output.description) }
}

extension Convention: ExpressibleByArgument {}
