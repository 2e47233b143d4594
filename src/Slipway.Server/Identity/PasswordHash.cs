using System.Globalization;
using System.Security.Cryptography;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>What is kept of a password: <c>pbkdf2-sha512$iterations$salt$hash</c>.</summary>
internal static class PasswordHash
{
    public const int LeastLength = 12;
    private const int LongestLength = 1024;
    private const int Iterations = 210_000;
    private const int Size = 32;
    private const string Scheme = "pbkdf2-sha512";

    // Nobody's password, for names that nobody has: they cost as much time as those that somebody has.
    private static readonly string NoOnes = Kept(Iterations, new byte[Size], new byte[Size]);

    /// <exception cref="Fault">It is no password that may be set.</exception>
    public static string Check(string? password)
    {
        var text = Checks.Require.Text(password, "password");
        if (text.Length is < LeastLength or > LongestLength)
        {
            throw Fault.Invalid($"A password has at least {LeastLength} characters and at most {LongestLength}.");
        }

        return !TokenSecret.IsOne(text) ? text : throw Fault.Invalid($"A password can't begin with '{TokenSecret.Beginning}', which is how tokens begin.");
    }

    public static string Make(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(Size);
        return Kept(Iterations, salt, Hash(password, salt, Iterations));
    }

    /// <param name="password">What somebody says.</param>
    /// <param name="kept">What is kept of theirs; null when there is nothing, which takes as long and is false.</param>
    public static bool Matches(string password, string? kept)
    {
        var parts = (kept ?? NoOnes).Split('$');
        var iterations = int.Parse(parts[1], CultureInfo.InvariantCulture);
        var hash = Hash(password.Length <= LongestLength ? password : "", Convert.FromBase64String(parts[2]), iterations);
        return CryptographicOperations.FixedTimeEquals(hash, Convert.FromBase64String(parts[3])) && kept is not null;
    }

    private static string Kept(int iterations, byte[] salt, byte[] hash) =>
        $"{Scheme}${iterations.ToString(CultureInfo.InvariantCulture)}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";

    private static byte[] Hash(string password, byte[] salt, int iterations) => Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, Size);
}
