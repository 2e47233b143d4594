namespace Slipway.Serving.Pickles;

/// <summary>What is found in one file, over all pickles that lie in it and in one another.</summary>
internal sealed class PickleScan(AllowedImports allowed)
{
    private const int DepthLimit = 8;
    private const int ImportLimit = 1000;
    private const int FindingLimit = 50;
    private const long StepLimit = 400_000_000;

    private readonly Dictionary<(string Module, string Name), PickleImport> _imports = [];
    private readonly List<PickleFinding> _findings = [];
    private int _depth;
    private long _steps;

    /// <summary>By what the file has to be loaded, as far as it showed.</summary>
    public PickleForm Form { get; set; }

    public PickleReport Report() => new(Form, [.. _imports.Values], _findings);

    /// <summary>Scans, and takes what can't be read as one finding more.</summary>
    public void Try(Action scan)
    {
        try
        {
            scan();
        }
        catch (PickleRefusal refusal)
        {
            Refuse(refusal.Message, refusal.Position);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException)
        {
            Refuse($"it can't be unpacked or read: {damaged.Message.TrimEnd('.')}", 0);
        }
    }

    /// <summary>Scans one pickle; what it leaves is what it would return.</summary>
    public PickleValue One(PickleReader reader, PickleForm form)
    {
        if (++_depth > DepthLimit)
        {
            throw new PickleRefusal($"pickles lie in one another more than {DepthLimit} deep", reader.Position);
        }

        var result = new PickleMachine(this, reader, form).Run();
        _depth--;
        return result;
    }

    public void Step(long position)
    {
        if (++_steps > StepLimit)
        {
            throw new PickleRefusal($"it takes more than {StepLimit} steps", position);
        }
    }

    public GlobalValue Import(string module, string name, long position)
    {
        if (_imports.TryGetValue((module, name), out var known))
        {
            return new GlobalValue(known);
        }

        if (_imports.Count == ImportLimit)
        {
            throw new PickleRefusal($"it imports more than {ImportLimit} names", position);
        }

        var import = new PickleImport(module, name, allowed.Of(module, name));
        _imports[(module, name)] = import;
        if (import.Grant == Grant.Refused)
        {
            Refuse(WhyNot(import), position);
        }

        return new GlobalValue(import);
    }

    public void Refuse(string reason, long position)
    {
        if (_findings.Count < FindingLimit)
        {
            _findings.Add(new PickleFinding(reason, position));
        }
    }

    private static string WhyNot(PickleImport import) => import.Module.Split('.')[0] switch
    {
        "cloudpickle" or "dill" or "types" or "marshal" => $"code is pickled by value ({import})",
        "__main__" => $"it needs code of the script that made it ({import})",
        _ => $"{import} is not on the list of what pickles may import",
    };
}
