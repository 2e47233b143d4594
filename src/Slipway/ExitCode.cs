namespace Slipway;

/// <summary>What the process answers its caller.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;
    public const int Unreachable = 3;
}
