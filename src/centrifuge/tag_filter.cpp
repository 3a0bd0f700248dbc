#include "centrifuge/tag_filter.hpp"

#include "centrifuge/filter_condition.hpp"

#include <cstddef>
#include <map>
#include <mutex>
#include <openssl/evp.h>
#include <stdexcept>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

/// Returns the SHA-256 of a text. A filter has up to some 10 KiB, so the registry does not store its text.
std::string digest_of(const std::string& text) {
  std::string digest(static_cast<std::size_t>(EVP_MD_get_size(EVP_sha256())), '\0');
  if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()),  // NOLINT
                 nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  return digest;
}

}  // namespace

/// The filters in use, by their digest.
class FilterRegistry {
 public:
  /// Returns the registry of the process. Its filters own it too, so it outlives the last of them.
  static const std::shared_ptr<FilterRegistry>& instance() {
    static const auto registry = std::make_shared<FilterRegistry>();
    return registry;
  }

  TagFilterPtr find_or_make(Condition condition) {
    std::string digest = digest_of(canonical(condition));
    // Made before the lock. If it is not needed, its destructor takes the lock again.
    TagFilterPtr made(new TagFilter(std::move(condition), digest, instance()));
    TagFilterPtr known;
    const std::lock_guard<std::mutex> lock(mutex_);
    std::weak_ptr<const TagFilter>& place = filters_[std::move(digest)];
    known = place.lock();
    if (known) return known;
    place = made;
    return made;
  }

  /// Forgets an ended filter, unless an equal one was made meanwhile.
  void forget(const std::string& digest) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = filters_.find(digest);
    if (found != filters_.end() && found->second.expired()) filters_.erase(found);
  }

  std::size_t count() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return filters_.size();
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<const TagFilter>> filters_;
};

TagFilter::TagFilter(Condition condition, std::string digest, std::shared_ptr<FilterRegistry> registry)
    : condition_(std::make_unique<const Condition>(std::move(condition))),
      digest_(std::move(digest)),
      registry_(std::move(registry)) {}

TagFilter::~TagFilter() {
  registry_->forget(digest_);
}

tl::expected<TagFilterPtr, std::string> TagFilter::make(const FilterNode& node) {
  auto condition = condition_of(node);
  if (!condition) return tl::unexpected(std::move(condition).error());
  return FilterRegistry::instance()->find_or_make(std::move(*condition));
}

bool TagFilter::matches(const Tags* tags) const {
  static const Tags none;
  return is_met(*condition_, tags == nullptr ? none : *tags);
}

std::size_t TagFilter::count() {
  return FilterRegistry::instance()->count();
}

}  // namespace coroom::detail::centrifuge
