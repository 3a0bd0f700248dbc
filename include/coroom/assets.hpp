#pragma once

#include <coroom/byte_source.hpp>
#include <coroom/error.hpp>
#include <coroom/shared_bytes.hpp>

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

/// One file that can be served.
struct Asset {
  /// The content. A view must refer to bytes that exist until the process ends.
  std::variant<std::string_view, SharedBytes, std::shared_ptr<const ByteSource>> bytes;
  std::string etag;  ///< entity tag with its quotes; differs for different content
  std::optional<std::time_t> modified = std::nullopt;  ///< time of the last change, if known
};

/// A source of static files. Any thread may use it, and several at once. Handlers share it; it lives until
/// the last of them and its routes have gone.
class AssetSource {
 public:
  AssetSource() = default;
  AssetSource(const AssetSource&) = delete;
  AssetSource& operator=(const AssetSource&) = delete;
  virtual ~AssetSource() = default;

  /// Returns whether find() may wait for a disk or a network. If so, the library calls it on a thread that
  /// serves no connections. Unless overridden, returns true.
  [[nodiscard]] virtual bool may_block() const { return true; }

  /// Returns the file of this path, or nullopt. The path is decoded and begins with "/".
  [[nodiscard]] virtual std::optional<Asset> find(std::string_view path) const = 0;

  /// Returns the precompressed variant of a file, named by the file's path and an ending: ".gz" or ".br".
  /// Returns nullopt if there is none, or if it is older than the file. Unless overridden, calls find() with
  /// this name.
  [[nodiscard]] virtual std::optional<Asset> find_compressed(std::string_view path,
                                                             std::string_view ending) const;
};

/// A file that the build has embedded into the binary.
struct EmbeddedFile {
  std::string_view path;   ///< begins with "/"
  std::string_view bytes;  ///< complete content
  std::string_view hash;   ///< hash of the content, in hexadecimal
};

/// The files that the build has embedded into the binary.
class EmbeddedAssets final : public AssetSource {
 public:
  /// Constructs the source. `files` must exist until the process ends.
  explicit EmbeddedAssets(std::span<const EmbeddedFile> files) : files_(files) {}
  [[nodiscard]] bool may_block() const override { return false; }
  [[nodiscard]] std::optional<Asset> find(std::string_view path) const override;

 private:
  std::span<const EmbeddedFile> files_;
};

/// The files of a folder. The folder is read for each request, so that changes have an effect at once. The
/// folder itself may be a symbolic link, and may be changed to a new release while the program runs.
///
/// Only files in the folder are served: paths with ".." and symbolic links do not lead out of it. Files and
/// folders with a name that begins with a dot are hidden, except "/.well-known/".
///
/// Concurrent responses with the same version of a file share its bytes. A file of more than 1 MiB is read in
/// pieces while it is sent.
class FolderAssets final : public AssetSource {
 public:
  /// Returns the absolute path of a folder, for the constructor.
  ///
  /// Errors: it is not a folder, or cannot be read.
  static Result<std::filesystem::path> check(const std::filesystem::path& folder);

  /// Constructs the source. `root` must come from check().
  explicit FolderAssets(std::filesystem::path root) : root_(std::move(root)) {}
  [[nodiscard]] std::optional<Asset> find(std::string_view path) const override;

  /// Returns nullopt also if the uncompressed file was changed later.
  [[nodiscard]] std::optional<Asset> find_compressed(std::string_view path,
                                                     std::string_view ending) const override;

 private:
  struct Version {
    std::string etag;
    std::weak_ptr<const std::string> bytes;
  };

  /// Returns the bytes of this version of the file if a response still holds them, or nullptr.
  [[nodiscard]] SharedBytes held(const std::string& file, const std::string& etag) const;
  void remember(const std::string& file, const std::string& etag, const SharedBytes& bytes) const;

  std::filesystem::path root_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, Version> versions_;  // the latest version read, by file
};

}  // namespace coroom
