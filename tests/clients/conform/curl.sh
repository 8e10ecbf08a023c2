#!/usr/bin/env bash
# Makes one clip with curl and jq, in the shape of the documented example: create, poll, download.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
auth="Authorization: Bearer $XAI_API_KEY"

id=$(curl -sf -X POST "$XAI_BASE_URL/videos/generations" -H "$auth" -H 'Content-Type: application/json' \
    -d '{"model": "grok-imagine-video", "prompt": "A boat drifts.", "duration": 6, "resolution": "480p"}' | jq -re .request_id)
echo "job $id"
for _ in $(seq 8); do
    reply=$(curl -sf "$XAI_BASE_URL/videos/$id" -H "$auth")
    case $(jq -r '.status // "pending"' <<<"$reply") in
    done)
        curl -sf -o "$work/clip.mp4" "$(jq -re .video.url <<<"$reply")"
        exit 0
        ;;
    failed | expired)
        echo "$reply"
        exit 1
        ;;
    esac
    sleep 1.2
done
echo "still pending"
exit 1
