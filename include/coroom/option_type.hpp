#pragma once

#include <coroom/error.hpp>
#include <coroom/io_backend.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <concepts>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace coroom {

/// The text form of option values of one type (Tornado: the `type` of define()). These types have one:
/// - whole numbers, which must fit the type, and floating-point numbers;
/// - bool, such as `true`, `yes`, `on` and `1`;
/// - std::string;
/// - std::filesystem::path. Text that begins with `~`, contains a variable, or begins or ends with a
///   quotation mark is an error;
/// - durations, such as `500ms` or `1h30m`, where a number alone means seconds;
/// - IoBackend;
/// - std::optional of any of these, for an option without a default;
/// - std::vector of any of these, with commas between the values (Tornado: `multiple`).
///
/// A program may specialise it for its own types.
template <class T>
struct OptionType {
  static_assert(sizeof(T) == 0, "this type cannot be an option: specialise coroom::OptionType for it");

  static std::string metavar();                   ///< name of a value in --help
  static Result<T> parse(std::string_view text);  ///< value of the text; the error quotes the text
  static std::string format(const T& value);      ///< default in --help; empty: none is shown
};

namespace detail {

tl::unexpected<Error> not_a(std::string_view text, const std::string& what);
Result<bool> parse_bool(std::string_view text);
Result<std::chrono::nanoseconds> parse_time(std::string_view text);
std::string format_time(std::chrono::nanoseconds time);
Result<std::filesystem::path> parse_path(std::string_view text);
Result<std::string> parse_text(std::string_view text);
std::vector<std::string_view> split(std::string_view list);

template <class Number>
bool read_number(std::string_view text, Number& into) {
  const auto [rest, ec] = std::from_chars(text.data(), text.data() + text.size(), into);
  return ec == std::errc() && rest == text.data() + text.size();
}

template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;

}  // namespace detail

/// @cond
// Specialisations for the types that the comment of OptionType lists.

template <std::integral T>
struct OptionType<T> {
  static std::string metavar() { return "NUMBER"; }
  static std::string format(T value) { return std::to_string(value); }
  static Result<T> parse(std::string_view text) {
    using Range = std::numeric_limits<T>;
    T value{};
    if (detail::read_number(text, value)) return value;
    return detail::not_a(
        text, "a whole number from " + std::to_string(Range::min()) + " to " + std::to_string(Range::max()));
  }
};

template <>
struct OptionType<bool> {
  static std::string metavar() { return "BOOL"; }
  static std::string format(bool value) { return value ? "true" : "false"; }
  static Result<bool> parse(std::string_view text) { return detail::parse_bool(text); }
};

template <std::floating_point T>
struct OptionType<T> {
  static std::string metavar() { return "NUMBER"; }
  static std::string format(T value) {
    std::array<char, 64> text{};  // the shortest form that reads back as the same value is shorter
    return std::string(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
  }
  static Result<T> parse(std::string_view text) {
    T value{};
    if (detail::read_number(text, value) && std::isfinite(value)) return value;
    return detail::not_a(text, "a number");
  }
};

template <>
struct OptionType<std::string> {
  static std::string metavar() { return "TEXT"; }
  static std::string format(const std::string& value) { return value; }
  static Result<std::string> parse(std::string_view text) { return std::string(text); }
};

template <>
struct OptionType<std::filesystem::path> {
  static std::string metavar() { return "PATH"; }
  static std::string format(const std::filesystem::path& value) { return value.string(); }
  static Result<std::filesystem::path> parse(std::string_view text) { return detail::parse_path(text); }
};

template <>
struct OptionType<IoBackend> {
  static std::string metavar() { return "NAME"; }
  static std::string format(IoBackend value);
  static Result<IoBackend> parse(std::string_view text);
};

template <class Rep, class Period>
struct OptionType<std::chrono::duration<Rep, Period>> {
  using Duration = std::chrono::duration<Rep, Period>;

  static std::string metavar() { return "TIME"; }
  static std::string format(Duration value) {
    return detail::format_time(std::chrono::duration_cast<std::chrono::nanoseconds>(value));
  }
  static Result<Duration> parse(std::string_view text) {
    const auto exact = detail::parse_time(text);
    if (!exact) return tl::unexpected(exact.error());
    const auto value = std::chrono::duration_cast<Duration>(*exact);
    if (!std::chrono::treat_as_floating_point_v<Rep> && value != *exact) {
      return detail::not_a(text, "a multiple of " + format(Duration(1)));
    }
    return value;
  }
};

template <class T>
struct OptionType<std::optional<T>> {
  static std::string metavar() { return OptionType<T>::metavar(); }
  static std::string format(const std::optional<T>& value) {
    return value ? OptionType<T>::format(*value) : std::string();
  }
  static Result<std::optional<T>> parse(std::string_view text) {
    return OptionType<T>::parse(text).map([](T value) { return std::optional<T>(std::move(value)); });
  }
};

template <class T>
struct OptionType<std::vector<T>> {
  static std::string metavar() { return OptionType<T>::metavar() + ",..."; }
  static std::string format(const std::vector<T>& values) {
    std::string list;
    for (const T& value : values) list.append(list.empty() ? "" : ",").append(OptionType<T>::format(value));
    return list;
  }
  static Result<std::vector<T>> parse(std::string_view text) {
    std::vector<T> values;
    for (const std::string_view part : detail::split(text)) {
      const auto meant = detail::parse_text(part);
      if (!meant) return tl::unexpected(meant.error());
      auto value = OptionType<T>::parse(*meant);
      if (!value) return tl::unexpected(value.error());
      values.push_back(std::move(*value));
    }
    return values;
  }
};

/// @endcond

}  // namespace coroom
