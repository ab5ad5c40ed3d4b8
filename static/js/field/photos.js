"use strict";
// Photos and videos of a report: photos are made smaller on the phone, so that they travel on a weak network.

const PICTURE = /\.(jpe?g|jfif|png|webp|heic|heif)$/i;
const VIDEO = /\.(mp4|mov)$/i;
const FILES = { most: 9, largestVideo: 20 * 1024 * 1024, longestSide: 1600, thumb: 160, quality: 0.82 }; // bytes, px

// What is wrong with the chosen files, in words for the person; empty when nothing is.
function faultOfFiles(files) {
  if (files.length > FILES.most) return `最多 ${FILES.most} 个照片或视频。`;
  const other = files.find((file) => !isPicture(file) && !isVideo(file));
  if (other) return `“${other.name}”不能上传，请用照片或 MP4、MOV 视频。`;
  const large = files.find((file) => isVideo(file) && file.size > FILES.largestVideo);
  return large ? `“${large.name}”超过 20 MB，请拍短一些（约 20 秒）。` : "";
}

// Phones give some files no type, or one of their own: then the name says what it is.
function isPicture(file) {
  return file.type.startsWith("image/") || PICTURE.test(file.name);
}

function isVideo(file) {
  return ["video/mp4", "video/quicktime"].includes(file.type) || VIDEO.test(file.name);
}

// The file as it will travel: { name, blob }. A picture that the phone cannot draw goes as it is; the server looks at it.
async function forTravel(file) {
  const blob = await smallerPhoto(file).catch(() => file);
  const name = blob === file ? file.name : `${file.name.replace(/\.\w+$/, "")}.jpg`;
  return { name: name || "photo.jpg", blob };
}

async function smallerPhoto(file) {
  if (!isPicture(file)) return file;
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, FILES.longestSide / Math.max(picture.width, picture.height));
  const canvas = drawn(picture, Math.round(picture.width * scale), Math.round(picture.height * scale));
  picture.close();
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob || file), "image/jpeg", FILES.quality));
}

async function thumbnail(file) {
  const item = document.createElement("li");
  try {
    const picture = await createImageBitmap(file, { resizeWidth: FILES.thumb });
    const canvas = drawn(picture, picture.width, picture.height);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", file.name);
    item.append(canvas);
  } catch {
    item.textContent = `${file.name}（${(file.size / 1048576).toFixed(1)} MB）`;
  }
  return item;
}

function drawn(picture, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, width);
  canvas.height = Math.max(1, height);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

Object.assign(globalThis, { FILES, faultOfFiles, forTravel, thumbnail });
