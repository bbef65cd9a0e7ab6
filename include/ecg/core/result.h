// Errors as values where one record may fail, one exception type where a run must stop.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace ecg {

// What went wrong, seen from the user's chair; an executable turns it into its exit code.
enum class ErrorKind {
  kInternal,  // a fault of this program
  kUsage,     // wrong command line or configuration
  kInput,     // a file that is missing, unreadable, damaged or not what it claims to be
  kOutput,    // a place that cannot be written to: a full disk, a folder that is not ours
  kDiverged,  // training produced values that are not finite
};

// An error names the file, the line (1-based, 0 = none) and the field it is about.
struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message;
  std::string file;
  std::size_t line = 0;
  std::string field;

  // "file:line: field: message", without the parts that are empty.
  std::string ToString() const;
};

inline Error InputError(std::string message, std::string file = {}, std::size_t line = 0,
                        std::string field = {}) {
  return {ErrorKind::kInput, std::move(message), std::move(file), line, std::move(field)};
}

inline Error UsageError(std::string message, std::string file = {}, std::size_t line = 0,
                        std::string field = {}) {
  return {ErrorKind::kUsage, std::move(message), std::move(file), line, std::move(field)};
}

inline Error OutputError(std::string message, std::string file = {}, std::size_t line = 0,
                         std::string field = {}) {
  return {ErrorKind::kOutput, std::move(message), std::move(file), line, std::move(field)};
}

// The only exception type that the libraries throw on purpose.
class Exception : public std::runtime_error {
 public:
  explicit Exception(Error error)
      : std::runtime_error(error.ToString()), error_(std::move(error)) {}
  const Error& error() const { return error_; }

 private:
  Error error_;
};

// Either a value or an Error. Reading the value of a failed result throws Exception.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return std::get<1>(state_); }

  T& value() & { return Checked(), std::get<0>(state_); }
  const T& value() const& { return Checked(), std::get<0>(state_); }
  T&& value() && { return Checked(), std::get<0>(std::move(state_)); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  void Checked() const {
    if (!ok()) throw Exception(error());
  }
  std::variant<T, Error> state_;
};

// Success, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : failed_(true), error_(std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return !failed_; }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return error_; }
  void value() const {
    if (failed_) throw Exception(error_);
  }

 private:
  bool failed_ = false;
  Error error_;
};

using Status = Result<void>;

// The same error with `prefix` before its field, as in "model." and "kernel".
inline Status InField(const Status& status, const std::string& prefix) {
  if (status.ok()) return status;
  Error error = status.error();
  error.field = prefix + error.field;
  return error;
}

}  // namespace ecg
