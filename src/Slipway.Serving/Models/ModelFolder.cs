namespace Slipway.Serving.Models;

/// <summary>A model's directory. Every path that a model's files name goes through here, for nobody vouches for them.</summary>
internal sealed class ModelFolder
{
    /// <summary>A longer MLmodel file is not read.</summary>
    private const int ModelFileLimit = 1 << 20;

    private ModelFolder(string path, MlModel? model) => (Path, Model) = (path, model);

    /// <summary>Absolute, without links.</summary>
    public string Path { get; }

    /// <summary>What the MLmodel file says; null for a bare file.</summary>
    public MlModel? Model { get; }

    /// <summary>Where MLflow's models say what they are.</summary>
    public static string ModelFile => "MLmodel";

    /// <summary>Opens a directory that has an MLmodel file, or nothing but one <c>.onnx</c> file beside whatever else.</summary>
    /// <exception cref="ModelFormatException">There is no such directory, or its MLmodel file can't be read.</exception>
    public static ModelFolder Open(string path)
    {
        var real = new DirectoryInfo(System.IO.Path.GetFullPath(path));
        if (!real.Exists)
        {
            throw new ModelFormatException($"There is no model at {path}: it has to be a folder with an MLmodel file or an .onnx file.");
        }

        var folder = new ModelFolder((real.ResolveLinkTarget(returnFinalTarget: true) ?? real).FullName.TrimEnd('/'), null);
        return folder.Find(ModelFile) is { } file ? new ModelFolder(folder.Path, MlModel.Parse(ReadModelFile(file))) : folder;
    }

    /// <summary>The absolute path of a file or folder of the model; null when it is not there.</summary>
    /// <param name="relative">As a model's files name it, with slashes.</param>
    /// <exception cref="ModelFormatException">It leads out of the model's folder, or through a link.</exception>
    public string? Find(string relative)
    {
        var path = Path;
        foreach (var part in relative.Split('/'))
        {
            if (part is "" or "." or ".." || part.AsSpan().IndexOfAny('\\', '\0') >= 0)
            {
                throw new ModelFormatException($"The model names the path '{relative}', which is not allowed: paths are relative to its folder and stay inside.");
            }

            path = System.IO.Path.Join(path, part);
            var found = new FileInfo(path);
            if (found.LinkTarget is not null)
            {
                throw new ModelFormatException($"'{relative}' leads through a link, which no model may have.");
            }

            if (!found.Exists && !Directory.Exists(path))
            {
                return null;
            }
        }

        return path;
    }

    /// <summary>As <see cref="Find"/>, for what has to be there.</summary>
    /// <exception cref="ModelFormatException">It is not there, or not inside.</exception>
    public string Get(string relative) => Find(relative) ?? throw new ModelFormatException($"The model names '{relative}', which is not among its files.");

    /// <summary>The names of the files at the folder's top that end so; links are left out.</summary>
    public IReadOnlyList<string> FilesEndingWith(string ending) =>
    [
        .. new DirectoryInfo(Path).EnumerateFiles()
            .Where(file => file.LinkTarget is null && file.Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            .Select(file => file.Name).Order(StringComparer.Ordinal),
    ];

    private static string ReadModelFile(string path) => new FileInfo(path).Length <= ModelFileLimit
        ? File.ReadAllText(path)
        : throw new ModelFormatException($"The MLmodel file is longer than {ModelFileLimit} bytes.");
}
