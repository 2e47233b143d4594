using System.Text.RegularExpressions;

namespace Slipway.Serving.Pickles;

/// <summary>The names that pickles may import. A list of what is allowed, for lists of what is forbidden have been walked around again and again.</summary>
internal sealed partial class AllowedImports
{
    private readonly Dictionary<(string Module, string Name), Grant> _exact = [];
    private readonly List<ModulePattern> _refused = [];
    private readonly List<(ModulePattern Module, bool ClassesOnly, Grant Grant)> _patterns = [];

    private AllowedImports()
    {
    }

    /// <summary>What the file of this folder says.</summary>
    public static AllowedImports Default { get; } = With([]);

    /// <summary>The default and these: <c>package.module.Name</c> for one name, <c>package.*</c> for all below a package.</summary>
    public static AllowedImports With(IEnumerable<string> more)
    {
        var allowed = new AllowedImports();
        using var file = typeof(AllowedImports).Assembly.GetManifestResourceStream("Slipway.Serving.Pickles.allowed-imports.txt")!;
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                allowed.Add(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        foreach (var name in more)
        {
            allowed.AddMore(name);
        }

        return allowed;
    }

    /// <summary>A module's name of today; Python 2 called some of them otherwise.</summary>
    public static string Today(string module) => module switch
    {
        "__builtin__" => "builtins",
        "copy_reg" => "copyreg",
        _ => module,
    };

    public Grant Of(string module, string name)
    {
        module = Today(module);
        if (module == "builtins" && name == "xrange")
        {
            name = "range";
        }

        if (_exact.TryGetValue((module, name), out var exact))
        {
            return exact;
        }

        if (!PlainModule().IsMatch(module) || !PlainName().IsMatch(name) || _refused.Exists(refused => refused.Covers(module)))
        {
            return Grant.Refused;
        }

        return _patterns.Where(pattern => pattern.Module.Covers(module) && (!pattern.ClassesOnly || ClassName().IsMatch(name)))
            .Select(pattern => pattern.Grant).DefaultIfEmpty(Grant.Refused).Max();
    }

    private void Add(string[] line)
    {
        var module = ModulePattern.Of(line[1]);
        if (line[0] == "refuse")
        {
            _refused.Add(module);
            return;
        }

        var grant = Enum.Parse<Grant>(line[0], ignoreCase: true);
        foreach (var name in line[2..])
        {
            if (name == "Classes")
            {
                _patterns.Add((module, ClassesOnly: true, grant));
                continue;
            }

            _exact[(line[1], name)] = grant;
        }
    }

    private void AddMore(string name)
    {
        var cut = name.LastIndexOf('.');
        if (cut < 1)
        {
            throw new FormatException($"'{name}' is no name that pickles could be allowed to import: it must be like package.module.Name or package.*");
        }

        if (name[cut..] == ".*")
        {
            _patterns.Add((new ModulePattern(name[..cut], WithBelow: true), ClassesOnly: false, Grant.Call));
            return;
        }

        _exact[(name[..cut], name[(cut + 1)..])] = Grant.Call;
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainModule();

    // A dot would reach into what is imported, two underscores into how it is made.
    [GeneratedRegex(@"^(?!__)[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainName();

    [GeneratedRegex(@"^_?[A-Z][A-Za-z0-9]*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ClassName();
}

/// <summary>One module, or one with all below it.</summary>
internal sealed record ModulePattern(string Module, bool WithBelow)
{
    public static ModulePattern Of(string text) => text.EndsWith(".**", StringComparison.Ordinal) ? new(text[..^3], WithBelow: true) : new(text, WithBelow: false);

    public bool Covers(string module) => module == Module || (WithBelow && module.StartsWith(Module + ".", StringComparison.Ordinal));
}
