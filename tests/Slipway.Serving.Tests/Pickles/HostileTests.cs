using System.Text;
using Slipway.Serving.Pickles;
using Xunit;
using static Slipway.Serving.Pickles.PickleOpcode;

namespace Slipway.Serving.Tests.Pickles;

/// <summary>Pickles made to do harm, and the ways in which scanners were walked around.</summary>
public sealed class HostileTests
{
    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("subprocess", "Popen")]
    [InlineData("builtins", "eval")]
    [InlineData("builtins", "exec")]
    [InlineData("builtins", "getattr")]
    [InlineData("builtins", "__import__")]
    [InlineData("builtins", "open")]
    [InlineData("builtins", "type")]
    [InlineData("__builtin__", "eval")]
    [InlineData("importlib", "import_module")]
    [InlineData("pkgutil", "resolve_name")]
    [InlineData("runpy", "run_path")]
    [InlineData("operator", "attrgetter")]
    [InlineData("operator", "methodcaller")]
    [InlineData("functools", "partial")]
    [InlineData("functools", "reduce")]
    [InlineData("pickle", "loads")]
    [InlineData("_pickle", "loads")]
    [InlineData("copyreg", "__newobj__")]
    [InlineData("pdb", "run")]
    [InlineData("timeit", "timeit")]
    [InlineData("cProfile", "run")]
    [InlineData("mailcap", "findmatch")]
    [InlineData("ctypes", "CDLL")]
    [InlineData("webbrowser", "open")]
    [InlineData("socket", "create_connection")]
    [InlineData("numpy", "load")]
    [InlineData("numpy", "fromfile")]
    [InlineData("numpy", "memmap")]
    [InlineData("numpy", "f2py")]
    [InlineData("numpy", "__builtins__")]
    [InlineData("numpy", "DataSource")]
    [InlineData("numpy.core._ufunc_reconstruct", "x")]
    [InlineData("numpy.core", "_ufunc_reconstruct")]
    [InlineData("numpy.testing._private.utils", "runstring")]
    [InlineData("numpy.testing", "measure")]
    [InlineData("numpy.f2py.crackfortran", "getlincoef")]
    [InlineData("numpy.f2py.crackfortran", "param_eval")]
    [InlineData("scipy.stats._distn_infrastructure", "rv_continuous_frozen")]
    [InlineData("scipy.stats", "rv_continuous")]
    [InlineData("pandas", "read_pickle")]
    [InlineData("pandas", "eval")]
    [InlineData("pandas.io.pickle", "read_pickle")]
    [InlineData("pandas.io.common", "IOHandles")]
    [InlineData("pandas.core.computation.eval", "eval")]
    [InlineData("pandas.core.computation.expr", "Expr")]
    [InlineData("pandas.core.frame", "read_csv")]
    [InlineData("sklearn", "os")]
    [InlineData("sklearn.base", "os")]
    [InlineData("sklearn.datasets", "fetch_openml")]
    [InlineData("sklearn.datasets._base", "Path")]
    [InlineData("sklearn.utils._joblib", "Memory")]
    [InlineData("sklearn.externals._packaging.version", "Version")]
    [InlineData("joblib", "load")]
    [InlineData("joblib.numpy_pickle", "load")]
    [InlineData("joblib.numpy_pickle_compat", "NDArrayWrapper")]
    [InlineData("torch", "load")]
    [InlineData("torch.hub", "load")]
    [InlineData("torch.serialization", "load")]
    [InlineData("torch.jit", "CompilationUnit")]
    [InlineData("torch.package", "PackageImporter")]
    [InlineData("torch.fx.graph_module", "reduce_graph_module")]
    [InlineData("torch._utils", "_rebuild_from_type_v2")]
    [InlineData("torch.utils.collect_env", "run")]
    [InlineData("torch.nn.modules.module", "torch")]
    [InlineData("__main__", "Net")]
    [InlineData("code", "InteractiveInterpreter")]
    [InlineData("", "")]
    public void A_name_that_is_not_listed_is_refused_however_it_is_imported(string module, string name)
    {
        AssertRefused(Assembler.Start().Import(module, name).Stop(), $"{module}.{name}");
        AssertRefused(Assembler.Bare().OldImport(module, name).Stop(), $"{module}.{name}");
        AssertRefused(Assembler.Bare().Op(PickleOpcode.Mark).Line(Inst, module).Op(Encoding.UTF8.GetBytes(name + "\n")).Stop(), $"{module}.{name}");
    }

    [Theory]
    [InlineData("sklearn.tree._classes", "os.system")]
    [InlineData("sklearn.tree._classes", "DecisionTreeClassifier.fit")]
    [InlineData("sklearn.tree._classes", "DecisionTreeClassifier.__init__")]
    [InlineData("numpy", "core._internal.sys.modules")]
    [InlineData("numpy", "ndarray.tofile")]
    [InlineData("builtins", "dict.get")]
    [InlineData("torch.nn.modules.linear", "Linear.forward.__globals__")]
    [InlineData("sklearn.tree._classes", "__builtins__")]
    [InlineData("sklearn.tree._classes\r", "DecisionTreeClassifier")]
    [InlineData("sklearn.tree..classes", "DecisionTreeClassifier")]
    [InlineData("sklearn.trée", "DecisionTreeClassifier")]
    [InlineData("sklearn.tree._classes", "DecisionTreeClassifier ")]
    [InlineData("sklearnx.tree", "DecisionTreeClassifier")]
    public void No_attribute_of_what_is_allowed_can_be_reached(string module, string name) =>
        AssertRefused(Assembler.Start().Import(module, name).Stop(), "not on the list");

    [Fact]
    public void A_name_put_together_on_the_way_is_refused()
    {
        // In the memo lies what the memo holds, not the text that was read last.
        AssertRefused(Assembler.Start().Text("os").Op(Memoize).Op(Pop).Text("system").Op(Memoize).Op(Pop).Text("decoy").Op(Pop).Op(BinGet, 0, BinGet, 1, StackGlobal).Stop(), "os.system");
        AssertRefused(Assembler.Start().Text("os").Text("system").Text("collections").Op(Pop, StackGlobal).Stop(), "os.system");
        AssertRefused(Assembler.Start().Text("os").Op(Dup, StackGlobal).Stop(), "os.os");
        AssertRefused(Assembler.Start().Import("builtins", "bytes").Op(EmptyTuple, Reduce).Text("x").Op(StackGlobal).Stop(), "not written in it");
        AssertRefused(Assembler.Start().Line(Unicode, "o\\u0073").Text("system").Op(StackGlobal).Stop(), "not written in it");
        AssertRefused(Assembler.Start().Line(PickleOpcode.String, "'\\x6fs'").Text("system").Op(StackGlobal).Stop(), "not written in it");
    }

    [Fact]
    public void What_is_dropped_at_once_was_called_all_the_same() =>
        AssertRefused(Assembler.Start().Import("os", "system").Text("id").Op(Tuple1, Reduce, Pop, None).Stop(), "os.system");

    [Fact]
    public void Attributes_of_what_was_imported_are_not_changed()
    {
        AssertRefused(Assembler.Start().Import("numpy", "log1p").Op(None).Op(EmptyDict).Text("a").Text("os").Op(SetItem, Tuple2, Build).Stop(), "changes numpy.log1p");
        AssertRefused(Assembler.Start().Import("sklearn.base", "BaseEstimator").Op(EmptyDict, Build).Stop(), "changes sklearn.base.BaseEstimator");
        AssertRefused(Assembler.Start().Import("builtins", "dict").Op(EmptyDict, Build).Stop(), "changes builtins.dict");
    }

    [Fact]
    public void An_object_that_has_its_state_is_left_alone()
    {
        // Its __setstate__, append, extend or add may be any attribute that the state put there.
        var made = () => Assembler.Start().Import("sklearn.base", "BaseEstimator").Op(EmptyTuple, NewObj, EmptyDict).Text("__setstate__").Import("numpy", "log").Op(SetItem, Build);
        Assert.True(SampleTests.Scan(made().Stop()).Passed);
        AssertRefused(made().Text("x").Op(Build).Stop(), "which it did not just make");
        AssertRefused(made().Text("x").Op(Append).Stop(), "which it did not just make");
        AssertRefused(made().Op(PickleOpcode.Mark).Text("x").Op(Appends).Stop(), "which it did not just make");
        AssertRefused(made().Op(PickleOpcode.Mark).Text("x").Op(AddItems).Stop(), "which it did not just make");
        AssertRefused(made().Text("x").Text("y").Op(SetItem).Stop(), "which it did not just make");
    }

    [Fact]
    public void Classes_are_made_without_their_constructors()
    {
        AssertRefused(Assembler.Start().Import("sklearn.pipeline", "Pipeline").Text("x").Op(Tuple1, Reduce).Stop(), "it calls sklearn.pipeline.Pipeline");
        AssertRefused(Assembler.Start().Import("sklearn.pipeline", "Pipeline").Op(EmptyTuple, Reduce).Stop(), "it calls sklearn.pipeline.Pipeline");
        AssertRefused(Assembler.Start().Import("sklearn.pipeline", "Pipeline").Text("x").Op(Tuple1, NewObj).Stop(), "more than is allowed");
        AssertRefused(Assembler.Start().Op(PickleOpcode.Mark).Import("sklearn.pipeline", "Pipeline").Text("x").Op(Obj).Stop(), "it calls sklearn.pipeline.Pipeline");
        AssertRefused(Assembler.Start().Import("sklearn.pipeline", "Pipeline").Op(EmptyTuple, EmptyDict, NewObjEx).Stop(), "named arguments");
        AssertRefused(Assembler.Start().Import("copyreg", "_reconstructor").Import("sklearn.pipeline", "Pipeline").Import("sklearn.pipeline", "Pipeline").Op(None, Tuple3, Reduce).Stop(), "in a way that is not known");
        AssertRefused(Assembler.Start().Import("numpy", "log1p").Text("x").Op(Tuple1, Reduce).Stop(), "it calls numpy.log1p");
    }

    [Fact]
    public void What_is_allowed_to_be_called_does_not_call_on()
    {
        AssertRefused(Assembler.Start().Import("numpy.random._pickle", "__randomstate_ctor").Text("x").Import("sklearn.pipeline", "Pipeline").Op(Tuple2, Reduce).Stop(), "not made for");
        AssertRefused(Assembler.Start().Import("torch._utils", "_rebuild_tensor").Import("sklearn.pipeline", "Pipeline").Op(EmptyTuple, NewObj, BinInt1, 0, EmptyTuple, PickleOpcode.Mark).Op(PopMark, Tuple3, Reduce).Stop(), "not made for");
        AssertRefused(Assembler.Start().Import("numpy.core.multiarray", "scalar").Import("numpy", "dtype").Text("O8").Op(Tuple1, Reduce).Import("numpy", "ndarray").Op(Tuple2, Reduce).Stop(), "not made for");
        AssertRefused(Assembler.Start().Import("_codecs", "encode").Text("x").Text("zip").Op(Tuple2, Reduce).Stop(), "in a way that is not known");
    }

    [Fact]
    public void Only_what_was_imported_is_called()
    {
        AssertRefused(Assembler.Start().Import("builtins", "set").Op(EmptyTuple, Reduce, EmptyTuple, Reduce).Stop(), "did not import");
        AssertRefused(Assembler.Start().Text("x").Op(EmptyTuple, NewObj).Stop(), "did not import");
    }

    [Theory]
    [InlineData(Ext1)]
    [InlineData(Ext2)]
    [InlineData(Ext4)]
    [InlineData(NextBuffer)]
    [InlineData(ReadOnlyBuffer)]
    [InlineData(PersId)]
    [InlineData(BinPersId)]
    [InlineData((byte)0xff)]
    public void What_reaches_outside_of_the_pickle_is_refused(byte opcode) =>
        AssertRefused(Assembler.Start().Text("x").Op(opcode, 1, 0, 0, 0, (byte)'\n').Stop(), "");

    [Fact]
    public void A_pickle_behind_another_is_looked_at() =>
        AssertRefused([.. Assembler.Start().Op(None).Stop(), .. Assembler.Start().Import("os", "system").Stop()], "os.system");

    [Fact]
    public void A_pickle_within_a_pickle_is_looked_at()
    {
        var old = File.ReadAllBytes(Path.Join(SampleTests.Samples, "network-old.pth"));
        var load = (byte[] bytes) => Assembler.Start().Import("torch.storage", "_load_from_bytes").Bytes(bytes).Op(Tuple1, Reduce).Stop();
        Assert.True(SampleTests.Scan(load(old)).Passed);
        AssertRefused(load([.. old[..15], .. Assembler.Start().Import("os", "system").Stop()]), "os.system");
        AssertRefused(load(Assembler.Start().Import("os", "system").Stop()), "no file of torch");
        AssertRefused(Assembler.Start().Import("torch.storage", "_load_from_bytes").Text("x").Op(Tuple1, Reduce).Stop(), "can't be looked at");
    }

    [Fact]
    public void A_frame_hides_nothing()
    {
        AssertRefused(Assembler.Start().Op(Frame, 1, 0, 0, 0, 0, 0, 0, 0).Text("hidden").Stop(), "over the end of a frame");
        AssertRefused(Assembler.Start().Op(Frame, 99, 0, 0, 0, 0, 0, 0, 0, None).Stop(), "within a frame");
        AssertRefused(Assembler.Start().Op(Frame, 99, 0, 0, 0, 0, 0, 0, 0, Frame, 1, 0, 0, 0, 0, 0, 0, 0, None).Stop(), "within another");
    }

    [Fact]
    public void An_array_of_joblib_in_a_frame_is_refused()
    {
        // joblib would read the array from behind the frame, and take the frame's rest for opcodes.
        var file = File.ReadAllBytes(Path.Join(SampleTests.Samples, "objects.joblib"));
        var frame = Array.IndexOf(file, Frame);
        file[frame + 1]++;
        Assert.False(SampleTests.Scan(file).Passed);
    }

    [Fact]
    public void Code_by_value_is_called_so() =>
        AssertRefused(Assembler.Start().Import("cloudpickle.cloudpickle", "_make_function").Stop(), "code is pickled by value");

    [Theory]
    [InlineData("O8", 0)]
    [InlineData("O8", 8)]
    [InlineData("f8", 1)]
    [InlineData("f8", 63)]
    public void A_type_of_numpy_does_not_lie_about_objects(string type, byte flags)
    {
        var pickle = Assembler.Start().Import("numpy", "dtype").Text(type).Op(NewFalse, NewTrue, Tuple3, Reduce)
            .Op(PickleOpcode.Mark, BinInt1, 3).Text("|").Op(None, None, None, BinInt, 255, 255, 255, 255, BinInt, 255, 255, 255, 255, BinInt1, flags, PickleOpcode.Tuple, Build).Stop();
        AssertRefused(pickle, "not what it says");
    }

    [Fact]
    public void More_names_can_be_allowed()
    {
        var pickle = Assembler.Start().Import("shop.models", "Net").Op(EmptyTuple, NewObj).Stop();
        Assert.False(SampleTests.Scan(pickle).Passed);
        Assert.True(PickleFile.Scan(new MemoryStream(pickle), AllowedImports.With(["shop.models.Net"])).Passed);
        Assert.True(PickleFile.Scan(new MemoryStream(pickle), AllowedImports.With(["shop.*"])).Passed);
        Assert.False(PickleFile.Scan(new MemoryStream(pickle), AllowedImports.With(["shop.models.Other", "shopping.*"])).Passed);
        Assert.False(PickleFile.Scan(new MemoryStream(Assembler.Start().Import("shop.models", "os.system").Stop()), AllowedImports.With(["shop.*"])).Passed);
    }

    private static void AssertRefused(byte[] pickle, string reason)
    {
        var report = SampleTests.Scan(pickle);
        Assert.False(report.Passed);
        Assert.Contains(report.Findings, finding => finding.Reason.Contains(reason, StringComparison.Ordinal));
    }
}
