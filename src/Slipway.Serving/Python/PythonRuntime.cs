using System.Text;
using System.Text.Json;
using Slipway.Serving.Models;
using Slipway.Serving.Pickles;
using Slipway.Serving.Scoring;
using Slipway.Serving.Workers;

namespace Slipway.Serving.Python;

/// <summary>Loads models in processes of the user's Python, after a look at what their pickles would import.</summary>
internal sealed class PythonRuntime : IRuntime
{
    // Threads, mapped libraries and reserved address space are no memory yet.
    private const long AddressSpaceBeside = 8L << 30;

    public string Name => "python";

    public bool Takes(ModelFolder folder) => folder.Model is { } model ? model.Flavors.ContainsKey(MlModel.PythonFlavor) || model.Flavors.ContainsKey("sklearn") || model.Flavors.ContainsKey("pytorch") : PythonLayout.FindBare(folder) is not null;

    public async Task<IScorer> OpenAsync(ModelFolder folder, WorkerOptions options, CancellationToken cancellationToken)
    {
        var layout = PythonLayout.Of(folder);
        var reports = Scan(folder, layout, options);
        var start = new PythonStart(options.Python ?? "python3", folder.Path)
        {
            MemoryLimit = options.MemoryLimit,
            AddressSpace = options.MemoryLimit + AddressSpaceBeside,
            Threads = options.Threads,
        };
        return await PythonScorer.OpenAsync(
            token => LoadAsync(start, hello => Plan(folder, layout, reports, (hello, options)), options.LoadLimit, token),
            options.Sessions,
            options.RequestLimit,
            cancellationToken);
    }

    private static IReadOnlyDictionary<string, PickleReport> Scan(ModelFolder folder, PythonLayout layout, WorkerOptions options)
    {
        folder.Get(layout.File);
        var reports = ModelScan.Folder(folder.Path, layout.Unpickled, AllowedImports.With(options.AllowedImports));
        var refusal = layout.Code ?? ModelScan.Refusal(reports);
        return refusal is null || options.CodeTrusted
            ? reports
            : throw new ModelFormatException($"The model is not loaded, for it could run code: {refusal}. Who has looked at it and trusts it says so with 'slipway models trust NAME VERSION --reason …'.");
    }

    private static PythonPlan Plan(ModelFolder folder, PythonLayout layout, IReadOnlyDictionary<string, PickleReport> reports, (PythonHello Hello, WorkerOptions Options) on)
    {
        if (!on.Hello.Apart && !on.Options.PicklesTrusted)
        {
            throw new ModelFormatException("The model is not loaded: this system lets Python have no network and users of its own, so pickles load only where everyone who may upload models is known. Turn authentication on, or say '--pickles trusted'.");
        }

        var form = reports.TryGetValue(layout.File, out var report) ? report.Form : PickleForm.Plain;
        if (on.Hello.Mlflow && (layout.NeedsMlflow || layout.IsForMlflow(form)) && folder.Model is not null)
        {
            return new PythonPlan(PythonWay.Mlflow, folder.Path) { Requirements = Requirements(folder.Model) };
        }

        return layout.NeedsMlflow
            ? throw new ModelFormatException($"The model is loaded by MLflow only, which {on.Options.Python ?? "python3"} has not: install {Requirement(folder.Model, null, "mlflow")} there.")
            : new PythonPlan(layout.Way, folder.Get(layout.File)) { Form = form, Method = layout.Method, Requirements = Requirements(folder.Model), Code = Code(folder) };
    }

    private static async Task<PythonChild> LoadAsync(PythonStart start, Func<PythonHello, PythonPlan> plan, TimeSpan limit, CancellationToken cancellationToken)
    {
        var child = await PythonChild.StartAsync(start, cancellationToken);
        try
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(plan(child.Hello), PythonJson.Default.PythonPlan);
            var (letter, answer) = await child.AskAsync('L', body, limit, cancellationToken);
            return letter switch
            {
                'D' => child,
                'X' => throw new ModelFormatException(Encoding.UTF8.GetString(answer)),
                _ => throw new PythonFailure($"it answered '{letter}'"),
            };
        }
        catch (Exception exception)
        {
            await child.DisposeAsync();
            throw exception is PythonFailure ? new ModelFormatException($"The model can't be loaded: {exception.Message}. {child.Said}", exception) : exception;
        }
    }

    // MLflow's folder for code that a model brings; it was trusted, or we would not be here.
    private static List<string> Code(ModelFolder folder) =>
        folder.Model?.Flavors.Values.Select(flavor => flavor["code"]).OfType<string>().Distinct().Select(folder.Get).ToList() ?? [];

    private static Dictionary<string, string> Requirements(MlModel? model) => new()
    {
        ["sklearn"] = Requirement(model, ("sklearn", "sklearn_version"), "scikit-learn"),
        ["torch"] = Requirement(model, ("pytorch", "pytorch_version"), "torch"),
        ["cloudpickle"] = Requirement(model, (MlModel.PythonFlavor, "cloudpickle_version"), "cloudpickle"),
        ["mlflow"] = Requirement(model, null, "mlflow"),
    };

    private static string Requirement(MlModel? model, (string Flavor, string Setting)? told, string package)
    {
        var version = told is { } setting ? model?.Flavors.GetValueOrDefault(setting.Flavor)?[setting.Setting] : model?.Writer;
        return version is null ? package : $"{package}=={version}";
    }
}
