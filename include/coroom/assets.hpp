#pragma once

#include <coroom/error.hpp>
#include <coroom/shared_bytes.hpp>

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace coroom {

/// A file that is read piece by piece, since it is too large to be held whole. Any thread may use it.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  /// Returns the size in bytes.
  [[nodiscard]] virtual std::uint64_t size() const = 0;

  /// Returns `length` bytes from `offset` on, or an error if there are fewer. May block: the library calls it
  /// on a thread that serves nobody.
  [[nodiscard]] virtual Result<std::string> read(std::uint64_t offset, std::size_t length) const = 0;
};

/// One file that can be served.
struct Asset {
  std::variant<std::string_view, SharedBytes, std::shared_ptr<const ByteSource>>
      bytes;                                           ///< a view is into bytes that live for ever
  std::string etag;                                    ///< quoted; differs whenever the bytes do
  std::optional<std::time_t> modified = std::nullopt;  ///< when the file was last changed, if that is known
};

/// Where static files come from.
class AssetSource {
 public:
  AssetSource() = default;
  AssetSource(const AssetSource&) = delete;
  AssetSource& operator=(const AssetSource&) = delete;
  virtual ~AssetSource() = default;

  /// Returns whether find() may wait for a disk or a network. Then the library calls it on a thread that
  /// serves nobody. By default it may.
  [[nodiscard]] virtual bool may_block() const { return true; }

  /// `path` is decoded and begins with "/". May be called from any thread.
  [[nodiscard]] virtual std::optional<Asset> find(std::string_view path) const = 0;

  /// The same file as it was compressed beforehand, under its name and an ending: ".gz" or ".br". nullopt: it
  /// was not, or not since it was changed. By default what find() finds there.
  [[nodiscard]] virtual std::optional<Asset> find_compressed(std::string_view path,
                                                             std::string_view ending) const;
};

/// A file that the build put into the binary.
struct EmbeddedFile {
  std::string_view path;   ///< begins with "/"
  std::string_view bytes;  ///< all of them
  std::string_view hash;   ///< of the bytes, in hexadecimal
};

/// The files that the build put into the binary.
class EmbeddedAssets final : public AssetSource {
 public:
  /// `files` live as long as the program.
  explicit EmbeddedAssets(std::span<const EmbeddedFile> files) : files_(files) {}
  [[nodiscard]] bool may_block() const override { return false; }
  [[nodiscard]] std::optional<Asset> find(std::string_view path) const override;

 private:
  std::span<const EmbeddedFile> files_;
};

/// A folder, looked at anew for every request, so that an author sees what was just saved, and a symbolic
/// link to the newest release may be turned while the program runs. Nothing outside of it is served, neither
/// by ".." nor by a symbolic link, nor what a path leads to by a name that begins with a dot, but for
/// "/.well-known/". Clients that are sent the same version of a file at the same time share its
/// bytes. A file of more than 1 MiB is read piece by piece while it is sent.
class FolderAssets final : public AssetSource {
 public:
  /// Fails if `folder` is not a folder that can be read.
  static Result<std::filesystem::path> check(const std::filesystem::path& folder);

  /// `root` comes from check().
  explicit FolderAssets(std::filesystem::path root) : root_(std::move(root)) {}
  [[nodiscard]] std::optional<Asset> find(std::string_view path) const override;

  /// None if the plain file was changed later.
  [[nodiscard]] std::optional<Asset> find_compressed(std::string_view path,
                                                     std::string_view ending) const override;

 private:
  struct Version {
    std::string etag;
    std::weak_ptr<const std::string> bytes;
  };

  /// This version of the file, if somebody still has it.
  [[nodiscard]] SharedBytes held(const std::string& file, const std::string& etag) const;
  void remember(const std::string& file, const std::string& etag, const SharedBytes& bytes) const;

  std::filesystem::path root_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, Version> versions_;  // by file, what was read last
};

}  // namespace coroom
